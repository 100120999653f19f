"""draft → published → sold, withdrawn in between; every act with its audit row."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.access.credential import Credential
from apps.agencies.models import Agency
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.core.problems import Problem
from apps.listings import lifecycle
from apps.listings.models import Listing, Status
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Credential:
    return world.credential(world.person(Role.MANAGER))


def own_listing(manager: Credential, status: str, **fields: object) -> Listing:
    return world.listing(Agency.objects.get(pk=manager.agency_id), status, **fields)


def refusal(act: object, *arguments: object) -> str:
    with pytest.raises(Problem) as refused:
        act(*arguments)
    return refused.value.code


MOVES = [
    (lifecycle.publish, Status.DRAFT, Status.PUBLISHED, "listing.published"),
    (lifecycle.publish, Status.WITHDRAWN, Status.PUBLISHED, "listing.published"),
    (lifecycle.withdraw, Status.PUBLISHED, Status.WITHDRAWN, "listing.withdrawn"),
]
ALLOWED = {(move[0], move[1]) for move in MOVES}
REFUSED = [
    (act, status)
    for act in (lifecycle.publish, lifecycle.withdraw)
    for status in Status
    if (act, status) not in ALLOWED
]


@pytest.mark.parametrize(("act", "before", "after", "verb"), MOVES)
def test_a_move_changes_status_and_version_and_is_audited(
    manager: Credential, act: object, before: str, after: str, verb: str
) -> None:
    listing = own_listing(manager, before)
    moved = act(manager, listing)

    assert (moved.status, moved.version) == (after, listing.version + 1)
    assert Listing.objects.get().status == after
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.object_id) == (verb, str(listing.pk))
    assert entry.actor == manager.actor


@pytest.mark.parametrize(("act", "status"), REFUSED)
def test_any_other_move_is_a_conflict_and_changes_nothing(
    manager: Credential, act: object, status: str
) -> None:
    listing = own_listing(manager, status)

    assert refusal(act, manager, listing) == "conflict"
    assert (Listing.objects.get().status, Listing.objects.get().version) == (status, 1)
    assert not AuditEntry.objects.exists()


def test_a_sold_listing_does_not_change(manager: Credential) -> None:
    listing = own_listing(manager, Status.SOLD)

    assert refusal(lifecycle.edit, manager, listing, {"bedrooms": 9}) == "conflict"
    assert Listing.objects.get().bedrooms == 3


def test_an_edit_of_what_was_changed_meanwhile_is_refused(manager: Credential) -> None:
    seen = own_listing(manager, Status.DRAFT)
    lifecycle.edit(manager, Listing.objects.get(), {"bedrooms": 4})

    assert refusal(lifecycle.edit, manager, seen, {"bedrooms": 5}) == "precondition_failed"
    assert refusal(lifecycle.delete, manager, seen) == "precondition_failed"
    assert Listing.objects.get().bedrooms == 4


def test_an_edit_of_what_was_deleted_meanwhile_is_refused(manager: Credential) -> None:
    seen = own_listing(manager, Status.DRAFT)
    lifecycle.delete(manager, Listing.objects.get())

    assert refusal(lifecycle.edit, manager, seen, {"bedrooms": 5}) == "precondition_failed"


def test_a_listing_with_offers_is_not_deleted_and_no_deletion_is_recorded(
    manager: Credential,
) -> None:
    listing = own_listing(manager, Status.PUBLISHED)
    world.offer(listing, world.person(), status="rejected")

    assert refusal(lifecycle.delete, manager, listing) == "conflict"
    assert Listing.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_the_reserve_is_not_above_the_price_by_any_path(manager: Credential) -> None:
    listing = own_listing(manager, Status.DRAFT, price=Decimal(100), reserve_price=Decimal(90))

    for changes in ({"reserve_price": Decimal(101)}, {"price": Decimal(89)}):
        assert refusal(lifecycle.edit, manager, listing, changes) == "validation_failed"
    with pytest.raises(IntegrityError), transaction.atomic():
        Listing.objects.update(reserve_price=Decimal(101))


def test_an_edited_city_is_found_by_its_new_name(manager: Credential) -> None:
    listing = own_listing(manager, Status.DRAFT)
    lifecycle.edit(manager, listing, {"city": "Coeur d’Alene"})

    assert Listing.objects.get().city_key == "coeur d'alene"


def test_the_street_address_is_ciphertext_and_bound_to_its_row(manager: Credential) -> None:
    listing = own_listing(manager, Status.DRAFT)

    stored = Listing.objects.values_list("street_address", flat=True).get()
    assert b"Connell" not in bytes(stored.envelope)
    assert Listing.objects.get().street_address == listing.street_address


@pytest.mark.parametrize(
    "change", [{"price": -1}, {"status": "hidden"}, {"reserve_price": 999_999_999}], ids=str
)
def test_the_database_itself_refuses_what_no_listing_can_be(
    manager: Credential, change: dict
) -> None:
    own_listing(manager, Status.DRAFT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Listing.objects.update(**change)


@pytest.mark.parametrize("act", ["create", "edit", "publish", "delete"])
def test_a_failing_audit_undoes_the_act(
    manager: Credential, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = own_listing(manager, Status.DRAFT)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(lifecycle, "record", broken)
    fields = {"title": "t", "city": "c", "state_code": "CO", "street_address": "s", "bedrooms": 1}
    arguments = {
        "create": (manager, {**fields, "price": Decimal(1)}),
        "edit": (manager, listing, {"bedrooms": 9}),
    }
    with pytest.raises(RuntimeError):
        getattr(lifecycle, act)(*arguments.get(act, (manager, listing)))

    left = Listing.objects.get()
    assert (left.bedrooms, left.status, left.version) == (3, Status.DRAFT, 1)


def test_the_audit_names_changed_fields_and_no_address(manager: Credential) -> None:
    listing = own_listing(manager, Status.DRAFT)
    changes = {"bedrooms": 4, "street_address": "1 Secret Lane", "reserve_price": Decimal(12_345)}
    lifecycle.edit(manager, listing, changes)

    entry = AuditEntry.objects.get()
    assert entry.changes == {"bedrooms": "4", "street_address": None, "reserve_price": None}
