"""Nobody sets what the service sets: not by POST, not by PATCH, not silently."""

from typing import Any

import pytest

from apps.apikeys.models import ApiKey
from apps.buyers.models import BuyerProfile
from apps.listings.models import Listing, Status
from apps.offers.models import Offer
from tests import world
from tests.api import assert_problem

from .answers import ONCE, bid_on
from .cast import Cast

LISTING: dict[str, Any] = {
    "id": "0198c1d4-5e2f-7a56-9145-270ce6b3bebd",
    "agency": "0198c1d4-5e2f-7a56-9145-270ce6b3bebd",
    "status": "published",
    "created_at": "2020-01-01T00:00:00Z",
    "updated_at": "2020-01-01T00:00:00Z",
}
#: Names that are in the table, or that a framework might take for something.
INTERNAL = ["version", "city_key", "agency_id", "pk", "_state", "__class__", "is_admin", "role"]


def told(response: object, name: str) -> str:
    document = assert_problem(response, 400, "validation_failed", f"/{name}")
    return document["errors"][0]["code"]


@pytest.mark.parametrize("name", LISTING)
def test_a_listing_takes_nothing_that_the_service_sets(cast: Cast, name: str) -> None:
    listing = world.listing(cast.agency, Status.DRAFT)
    extra = {name: LISTING[name]}
    made = cast.manager.post("listings", world.NEW_LISTING | extra)
    changed = cast.manager.patch(f"listings/{listing.pk}", extra, if_match='"1a"')

    assert told(made, name) == told(changed, name) == "read_only"
    assert Listing.objects.get().version == 1
    assert Listing.objects.get().status == Status.DRAFT


@pytest.mark.parametrize("name", INTERNAL)
def test_a_listing_knows_no_other_names(cast: Cast, name: str) -> None:
    listing = world.listing(cast.agency, Status.DRAFT)
    made = cast.manager.post("listings", world.NEW_LISTING | {name: 1})
    changed = cast.manager.patch(f"listings/{listing.pk}", {name: 1}, if_match='"1a"')

    assert told(made, name) == told(changed, name) == "unknown_field"
    assert Listing.objects.get().version == 1


def test_a_new_listing_is_a_draft_of_the_callers_agency(cast: Cast) -> None:
    made = cast.agent.post("listings", world.NEW_LISTING).json()

    assert (made["status"], made["agency"]) == ("draft", str(cast.agency.pk))


def test_a_listing_does_not_change_hands(cast: Cast) -> None:
    listing = world.listing(cast.agency)
    extra = {"agency": str(cast.rival.user.membership.agency_id), "bedrooms": 9}
    response = cast.manager.patch(f"listings/{listing.pk}", extra, if_match='"1a"')

    assert told(response, "agency") == "read_only"
    assert Listing.objects.get().bedrooms == 3


@pytest.mark.parametrize("name", ["id", "buyer", "status", "created_at", "decided_at"])
def test_an_offer_takes_nothing_that_the_service_sets(cast: Cast, name: str) -> None:
    body = bid_on(world.listing(cast.agency)) | {name: str(cast.other_buyer.user.pk)}

    assert told(cast.buyer.post("offers", body, **ONCE), name) == "read_only"
    assert not Offer.objects.exists()


def test_an_offer_is_the_callers_and_open(cast: Cast) -> None:
    made = cast.buyer.post("offers", bid_on(world.listing(cast.agency)), **ONCE).json()

    assert made["buyer"]["id"] == str(cast.buyer.user.pk)
    assert (made["status"], made["decided_at"]) == ("submitted", None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "0198c1d4-5e2f-7a56-9145-270ce6b3bebd"),
        ("prefix", "gh_test_000000000000"),
        ("tier", "internal"),
        ("created_at", "2020-01-01T00:00:00Z"),
        ("last_used_at", None),
        ("revoked_at", None),
    ],
)
def test_a_key_takes_nothing_that_the_service_sets(cast: Cast, name: str, value: object) -> None:
    body = {"name": "n", "scopes": ["read"], name: value}

    assert told(cast.buyer.post("api-keys", body), name) == "read_only"
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize("name", ["user", "user_id", "owner", "digest", "pepper_id", "mode"])
def test_a_key_is_made_for_nobody_else(cast: Cast, name: str) -> None:
    body = {"name": "n", "scopes": ["read"], name: str(cast.manager.user.pk)}

    assert told(cast.buyer.post("api-keys", body), name) == "unknown_field"
    assert ApiKey.objects.filter(user=cast.manager.user).count() == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [("created_at", "read_only"), ("user", "unknown_field"), ("id", "unknown_field")],
)
def test_a_profile_belongs_to_its_caller(cast: Cast, name: str, code: str) -> None:
    body = world.NEW_PROFILE | {name: str(cast.other_buyer.user.pk)}

    assert told(cast.buyer.put("buyer-profile", body), name) == code
    assert not BuyerProfile.objects.exists()
