"""What v1 takes and shows: other words, the same rules."""

import pytest

from apps.agencies.roles import Role
from apps.buyers.models import BuyerProfile
from apps.listings.models import Listing
from apps.offers.models import Offer
from tests import world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db

LISTINGS = "/api/v1/listings"
PUBLIC = {
    "id",
    "agency",
    "name",
    "description",
    "city",
    "state",
    "price",
    "bedrooms",
    "status",
    "created_at",
    "updated_at",
}
OWN = PUBLIC | {"street_address", "reserve_price"}
NEW = {
    "name": "Bungalow",
    "city": "Cañon City",
    "state": "co",
    "street_address": "12 O'Connell Street",
    "price": 425000,
    "bedrooms": 3,
}


def manager() -> tuple[Api, object]:
    person = world.person(Role.MANAGER)
    return Api(world.key(person)), person.membership.agency


def test_a_listing_has_v1s_names_and_whole_dollars() -> None:
    api, _ = manager()
    made = api.post(LISTINGS, NEW)
    assert made.status_code == 201
    shown = made.json()
    assert set(shown) == OWN
    assert (shown["name"], shown["state"], shown["price"]) == ("Bungalow", "CO", 425000)
    assert made["Location"] == f"{LISTINGS}/{shown['id']}"


def test_the_public_sees_neither_address_nor_reserve() -> None:
    listing = world.listing(world.agency())
    response = Api().get(f"{LISTINGS}/{listing.pk}")
    assert set(response.json()) == PUBLIC
    assert "O'Connell" not in response.content.decode()


@pytest.mark.parametrize("field", ["title", "state_code"])
def test_v2s_names_are_unknown(field: str) -> None:
    api, _ = manager()
    assert_problem(api.post(LISTINGS, NEW | {field: "x"}), 400, "validation_failed", f"/{field}")


def test_a_price_is_a_whole_number() -> None:
    api, _ = manager()
    for price in (1.5, "425000", {"amount": "1", "currency": "USD"}, -1, True, 10**9):
        response = api.post(LISTINGS, NEW | {"price": price})
        assert response.status_code == 400, price
    assert Listing.objects.count() == 0


def test_pages_are_numbered_and_end_at_a_hundred() -> None:
    agency = world.agency()
    for _ in range(3):
        world.listing(agency)
    first = Api().get(LISTINGS, {"page_size": 2}).json()
    assert set(first) == {"count", "next", "previous", "results"}
    assert (first["count"], len(first["results"]), first["previous"]) == (3, 2, None)
    second = Api().get(first["next"]).json()
    assert (len(second["results"]), second["next"]) == (1, None)
    assert Api().get(second["previous"]).json()["results"] == first["results"]
    assert_problem(Api().get(LISTINGS, {"page": 101}), 400, "validation_failed", "?page")
    assert Api().get(LISTINGS, {"page": 100}).json()["results"] == []


def test_a_precondition_is_not_demanded_and_is_honoured() -> None:
    api, agency = manager()
    listing = world.listing(agency)
    path = f"{LISTINGS}/{listing.pk}"
    assert api.patch(path, {"price": 1}).status_code == 400  # the reserve would be above it
    assert api.patch(path, {"bedrooms": 4}).status_code == 200
    assert_problem(api.patch(path, {"bedrooms": 5}, if_match='"1a"'), 412, "precondition_failed")
    assert api.patch(path, {"bedrooms": 5}, if_match='"2a"').status_code == 200


def test_a_retry_with_a_key_is_answered_again_and_without_one_makes_no_second_offer() -> None:
    listing = world.listing(world.agency())
    api = Api(world.key(world.person()))
    body = {"listing": str(listing.pk), "amount": 410000}
    first = api.post("/api/v1/offers", body, idempotency_key="a-fresh-value")
    again = api.post("/api/v1/offers", body, idempotency_key="a-fresh-value")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    assert first.json()["amount"] == 410000
    assert_problem(api.post("/api/v1/offers", body), 409, "conflict")
    assert Offer.objects.count() == 1


def test_a_profile_is_name_and_phone_and_masked() -> None:
    buyer = world.person()
    api = Api(world.key(buyer))
    body = {"legal_name": "Ana María O'Neil", "phone": "+15055550123"}
    made = api.put("/api/v1/buyer-profile", body)
    assert made.status_code == 201
    assert set(made.json()) == {"legal_name", "phone", "created_at", "updated_at"}
    assert made.json()["phone"] == "••••0123"
    assert_problem(
        api.put("/api/v1/buyer-profile", body | {"national_id": "123-45-6789"}),
        400,
        "validation_failed",
        "/national_id",
    )
    assert_problem(api.patch("/api/v1/buyer-profile", made.json()), 400, "masked_value")
    seen = api.get("buyer-profile").json()
    assert (seen["national_id"], seen["annual_income"]) == (None, None)


def test_changing_a_profile_in_v1_leaves_what_v1_does_not_know() -> None:
    buyer = world.person()
    world.profile(buyer)
    body = {"legal_name": "Li Wei", "phone": "+15055550199"}
    assert Api(world.key(buyer)).put("/api/v1/buyer-profile", body).status_code == 200
    profile = BuyerProfile.objects.get()
    assert (profile.legal_name, profile.national_id) == ("Li Wei", "123-45-6789")


@pytest.mark.parametrize("path", ["api-keys", "buyer-profile/reveal"])
def test_what_v1_never_had_is_not_there(path: str) -> None:
    assert_problem(Api(world.key(world.person())).get(f"/api/v1/{path}"), 404, "not_found")
