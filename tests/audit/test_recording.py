"""What is recorded, with what beside it, and in whose transaction."""

import pytest
from django.conf import settings
from django.db import transaction

from apps.agencies.roles import Role
from apps.audit import recording
from apps.audit.entry_mac import FIELDS, is_authentic
from apps.audit.models import AuditEntry
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.listings.models import Listing
from tests import world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db


def entries(**terms: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(**terms).order_by("at"))


def test_an_entry_says_who_did_what_where_and_in_which_request() -> None:
    manager = world.person(Role.MANAGER)
    row, text = world.key_row(manager)
    listing = world.listing(manager.membership.agency, "draft")

    response = Api(text).post(f"listings/{listing.pk}/publish", x_request_id="my-request-id")

    (entry,) = entries(verb="listing.published")
    assert entry.outcome == "done"
    assert entry.actor == f"user:{manager.pk}"
    assert entry.credential == f"api_key:{row.pk}"
    assert (entry.object_type, entry.object_id) == ("listing", str(listing.pk))
    assert entry.request_id == response["X-Request-ID"] == "my-request-id"
    assert entry.address == "127.0.0.1"
    assert entry.route == "api/v2/listings/<uuid:listing_id>/publish"


def test_what_is_stored_is_what_was_authenticated() -> None:
    Api(world.key(world.person())).put("buyer-profile", world.NEW_PROFILE)
    Api("made-up-token").get("me")

    assert AuditEntry.objects.count() >= 3
    for stored in AuditEntry.objects.values(*FIELDS, "mac"):
        mac = bytes(stored.pop("mac"))
        assert is_authentic(settings.AUDIT_KEY, stored, mac)


def test_an_entry_goes_with_the_transaction_that_it_belongs_to() -> None:
    by = world.credential(world.person())
    with pytest.raises(RuntimeError), transaction.atomic():
        record(Verb.OFFER_SUBMITTED, by)
        raise RuntimeError

    assert not entries(verb="offer.submitted")


def test_no_audit_no_act(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = world.person(Role.MANAGER)
    api = Api(world.key(manager))

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the audit is away")

    monkeypatch.setattr(recording, "insert", broken)
    response = api.post("listings", world.NEW_LISTING)

    assert_problem(response, 500, "internal_error")
    assert not Listing.objects.exists()


def test_a_refused_change_leaves_a_refusal_and_no_change() -> None:
    manager = world.person(Role.MANAGER)
    other = world.listing(world.agency())
    api = Api(world.key(manager))

    response = api.patch(f"listings/{other.pk}", {"bedrooms": 9}, if_match='"1p"')

    assert_problem(response, 403, "not_permitted")
    (entry,) = entries(verb="access.refused")
    assert (entry.outcome, entry.reason) == ("refused", "not_permitted")
    assert entry.actor == f"user:{manager.pk}"
    assert not entries(verb="listing.changed")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "listings/00000000-0000-7000-8000-000000000000", None),
        ("PUT", "me", None),
        ("GET", "nowhere", None),
    ],
    ids=["not found", "bad method", "no route"],
)
def test_a_mistake_is_no_event(method: str, path: str, body: object) -> None:
    api = Api(world.key(world.person(Role.MANAGER)))
    before = AuditEntry.objects.count()
    api.send(method, path, body)
    Api().send(method, path, body)

    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        ("unknown", lambda row, text: "made-up-token"),
        ("checksum", lambda row, text: f"{text[:-1]}{'0' if text[-1] != '0' else '1'}"),
        ("expired", lambda row, text: world.expired(row) or text),
        ("inactive", lambda row, text: type(row.user).objects.update(is_active=False) and text),
        ("network", lambda row, text: world.key(row.user, networks=["203.0.113.0/24"])),
    ],
)
def test_a_refused_credential_is_recorded_with_its_reason(reason: str, spoil: object) -> None:
    row, text = world.key_row(world.person())
    Api(spoil(row, text)).get("me")

    (entry,) = entries(verb="credential.refused")
    assert (entry.outcome, entry.reason, entry.actor) == ("refused", reason, "anonymous")
    proved = reason in ("expired", "inactive", "network")
    assert entry.credential.startswith("api_key:") is proved


def test_a_credential_in_a_url_is_recorded_without_it() -> None:
    text = world.key(world.person())
    Api().get("listings", {"key": text})

    (entry,) = entries(verb="credential.exposed")
    assert text[8:] not in str(entry.__dict__)


def test_a_missing_credential_is_no_attempt_on_anything() -> None:
    Api().get("me")

    assert not entries()


def test_successful_reads_are_not_recorded() -> None:
    api = Api(world.key(world.person()))
    before = AuditEntry.objects.count()
    for path in ("me", "listings", "offers", "api-keys"):
        assert api.get(path).status_code == 200

    assert AuditEntry.objects.count() == before


def test_verbs_are_one_closed_set_in_one_form() -> None:
    for verb in Verb:
        subject, _, action = verb.partition(".")
        assert subject.replace("_", "").isalpha() and action.replace("_", "").isalpha()
        assert len(verb) <= AuditEntry._meta.get_field("verb").max_length
