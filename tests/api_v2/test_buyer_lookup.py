"""`/api/v2/buyers/lookup`: finds who may be found, in any spelling, and tells nothing of others."""

import json

import pytest

from apps.access.charges import charges
from apps.access.credential import Credential, Kind
from apps.access.operation import Limit
from apps.accounts.models import User
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.buyers.models import BuyerProfile
from apps.encryption.sealed import Sealed
from apps.offers.models import Status
from tests import world
from tests.api import Api, assert_problem

from .cast import Cast

pytestmark = pytest.mark.django_db

PATH = "buyers/lookup"
PHONE, NATIONAL_ID = "+15055550123", "123-45-6789"


def bidder(cast: Cast, **fields: str) -> User:
    """A buyer with an offer on a listing of our agency."""
    buyer = world.person()
    world.profile(buyer, **fields)
    world.offer(world.listing(cast.agency), buyer)
    return buyer


def found(api: Api, **asked: str) -> set[str]:
    response = api.post(PATH, asked)
    assert response.status_code == 200, response.content
    assert set(response.json()) == {"results"}
    return {buyer["id"] for buyer in response.json()["results"]}


@pytest.mark.parametrize("spelling", [PHONE, "+1 505 555 0123", "+1 (505) 555-0123"])
def test_a_manager_finds_a_bidder_by_any_spelling_of_the_number(cast: Cast, spelling: str) -> None:
    buyer = bidder(cast)
    bidder(cast, phone="+15055550199")
    response = cast.manager.post(PATH, {"phone": spelling})

    assert response.json() == {"results": [{"id": str(buyer.pk), "legal_name": "A• M• O•"}]}
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("spelling", [NATIONAL_ID, "123456789", "123 45 6789", "123.45.6789"])
def test_and_by_any_spelling_of_the_national_id(cast: Cast, spelling: str) -> None:
    buyer = bidder(cast)
    assert found(cast.manager, national_id=spelling) == {str(buyer.pk)}


def test_two_who_share_a_number_are_both_found(cast: Cast) -> None:
    shared = {str(bidder(cast).pk), str(bidder(cast).pk)}
    assert found(cast.manager, phone=PHONE) == shared


def test_a_platform_admin_finds_every_buyer(cast: Cast) -> None:
    buyer = world.person()
    world.profile(buyer)
    admin = Api(world.key(world.person(Role.PLATFORM_ADMIN)))
    assert found(admin, phone=PHONE) == {str(buyer.pk)}


def test_a_buyer_of_another_agency_is_answered_like_nobody(cast: Cast) -> None:
    rival = world.person()
    world.profile(rival)
    world.offer(world.listing(world.agency()), rival)
    world.profile(world.person(), phone="+15055550177")  # has made no offer at all

    answers = [
        cast.manager.post(PATH, {"phone": phone})
        for phone in (PHONE, "+15055550177", "+15055550100")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (200, b'{"results":[]}')
    }
    told = list(AuditEntry.objects.filter(verb="buyer.looked_up").values_list("changes", flat=True))
    assert told == [{"by": "phone", "found": 0}] * 3


@pytest.mark.parametrize("status", Status.values)
def test_whatever_has_become_of_the_offer_its_buyer_is_found(cast: Cast, status: str) -> None:
    buyer = bidder(cast)
    buyer.offers.update(status=status)
    assert found(cast.manager, phone=PHONE) == {str(buyer.pk)}


def test_what_the_profile_held_before_is_not_found(cast: Cast) -> None:
    buyer = bidder(cast)
    own = Api(world.key(buyer))
    for path, body in (
        ("/api/v2/buyer-profile", {"phone": "+15055550111", "national_id": "987-65-4321"}),
        ("/api/v1/buyer-profile", {"phone": "+15055550112"}),
    ):
        assert own.patch(path, body, if_match="*").status_code == 200

    assert found(cast.manager, phone=PHONE) == set()
    assert found(cast.manager, phone="+15055550111") == set()
    assert found(cast.manager, national_id=NATIONAL_ID) == set()
    assert found(cast.manager, phone="+15055550112") == {str(buyer.pk)}
    assert found(cast.manager, national_id="987654321") == {str(buyer.pk)}


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_profile_of_either_version_is_found(cast: Cast, version: str) -> None:
    buyer = world.person()
    world.offer(world.listing(cast.agency), buyer)
    known = {"legal_name", "phone"} if version == "v1" else world.NEW_PROFILE.keys()
    body = {name: world.NEW_PROFILE[name] for name in known}
    made = Api(world.key(buyer)).put(f"/api/{version}/buyer-profile", body)
    assert made.status_code == 201, made.content
    assert found(cast.manager, phone=PHONE) == {str(buyer.pk)}


def test_a_deleted_profile_is_not_found(cast: Cast) -> None:
    BuyerProfile.objects.filter(user=bidder(cast)).delete()
    assert found(cast.manager, phone=PHONE) == set()


def test_it_is_recorded_once_with_who_and_which_kind_and_never_the_value(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    bidder(cast)
    found(cast.manager, national_id="123 45 6789")

    (entry,) = AuditEntry.objects.filter(verb="buyer.looked_up").values()
    assert entry["changes"] == {"by": "national_id", "found": 1}
    assert entry["actor"].startswith("user:")
    said = json.dumps(entry, default=str) + caplog.text
    for value in ("123 45 6789", NATIONAL_ID, "123456789"):
        assert value not in said


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"phone": PHONE, "national_id": NATIONAL_ID}, ""),
        ({"phone": "5055550123"}, "/phone"),
        ({"phone": "••••0123"}, "/phone"),
        ({"phone": ""}, "/phone"),
        ({"phone": None}, "/phone"),
        ({"phone": [PHONE]}, "/phone"),
        ({"phone": "+1" + "(0)" * 8}, "/phone"),
        ({"phone": "+1" + " " * 40 + "5055550123"}, "/phone"),
        ({"national_id": "%"}, "/national_id"),
        ({"national_id": "1"}, "/national_id"),
        ({"national_id": "12345678\u0663"}, "/national_id"),
        ({"email": "ana@example.com"}, "/email"),
        ({"phone": PHONE, "user": "x"}, "/user"),
    ],
)
def test_anything_but_one_identifier_is_refused(cast: Cast, body: dict, pointer: str) -> None:
    assert_problem(cast.manager.post(PATH, body), 400, "validation_failed", pointer)
    assert not AuditEntry.objects.filter(verb="buyer.looked_up").exists()


def test_no_body_is_no_question(cast: Cast) -> None:
    assert_problem(cast.manager.post(PATH), 400, "malformed_body")


def test_it_cannot_be_asked_in_the_address(cast: Cast) -> None:
    refused = cast.manager.send("POST", PATH, {"phone": PHONE}, query={"phone": PHONE})
    assert_problem(refused, 400, "validation_failed", "?phone")
    assert_problem(cast.manager.get(PATH, {"phone": PHONE}), 405, "method_not_allowed")


def test_guessing_is_limited_for_the_person_over_all_keys(cast: Cast) -> None:
    manager = world.person(Role.MANAGER)
    keys = [Api(world.key(manager, "read:profile")) for _ in range(3)]
    answers = [
        keys[n % 3].post(PATH, {"national_id": f"123-45-{6700 + n}"}).status_code for n in range(15)
    ]
    assert answers == [200] * 10 + [429] * 5
    refused = assert_problem(keys[0].post(PATH, {"phone": PHONE}), 429, "rate_limited")
    assert refused
    assert keys[0].get("me").status_code == 200
    assert found(cast.manager, phone=PHONE) == set()


def test_a_look_up_opens_only_what_it_shows(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: object
) -> None:
    bidder(cast)
    found(cast.manager, phone="+15055550100")
    opened: list[str] = []
    field = BuyerProfile._meta.get_field("phone")
    unseal = type(field).unseal

    def counting(self: object, instance: object, sealed: Sealed) -> object:
        opened.append(self.name)
        return unseal(self, instance, sealed)

    monkeypatch.setattr(type(field), "unseal", counting)
    with django_assert_num_queries(3):  # the key, the buyers, the record
        found(cast.manager, phone=PHONE)
    assert opened == ["legal_name"]


def test_a_client_with_a_long_id_is_limited_like_anyone() -> None:
    client = Credential(kind=Kind.TOKEN, id="1", role=Role.MANAGER, client="c" * 100)
    (lookup,) = [
        charge
        for charge in charges(client, Limit.BUYER_LOOKUP, "192.0.2.1")
        if charge.policy.name == "buyer-lookup"
    ]
    assert lookup.bucket.startswith("buyer-lookup:client:ccc")
    own = charges(client, Limit.DEFAULT, "192.0.2.1")
    assert "buyer-lookup" not in {charge.policy.name for charge in own}
