"""Each resource has exactly these members for this audience, and the declaration says the same."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from apps.access.checks import api_routes
from apps.api_v2.shapes.api_key import ApiKeyCreated, ApiKeyShown
from apps.api_v2.shapes.buyer_profile import BuyerProfileRevealed, BuyerProfileShown
from apps.api_v2.shapes.listing import ListingShown
from apps.api_v2.shapes.offer import OfferRevealed, OfferShown
from tests import world

from .answers import ONCE, bid_on
from .cast import Cast

LISTING = {
    *("id", "agency", "title", "description", "city", "state_code", "price"),
    *("bedrooms", "status", "created_at", "updated_at"),
}
OWN_LISTING = LISTING | {"street_address", "reserve_price"}
PROFILE = {
    *("legal_name", "phone", "national_id", "date_of_birth", "annual_income"),
    *("created_at", "updated_at"),
}
OFFER = {"id", "listing", "buyer", "amount", "message", "status", "created_at", "decided_at"}
KEY = {
    *("id", "name", "prefix", "scopes", "networks", "tier"),
    *("expires_at", "created_at", "last_used_at", "revoked_at"),
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def test_a_listing_shows_strangers_what_is_public(cast: Cast) -> None:
    path = f"listings/{world.listing(cast.agency).pk}"

    for caller in (cast.stranger, cast.buyer, cast.rival):
        assert set(caller.get(path).json()) == LISTING
        assert [set(row) for row in caller.get("listings").json()["results"]] == [LISTING]


def test_a_listing_shows_its_agency_everything(cast: Cast) -> None:
    path = f"listings/{world.listing(cast.agency).pk}"

    for caller in (cast.manager, cast.agent):
        shown = caller.get(path).json()
        assert set(shown) == OWN_LISTING
        assert shown["street_address"] == "12 O'Connell Street"
        assert [set(row) for row in caller.get("listings").json()["results"]] == [OWN_LISTING]


def test_in_one_list_each_listing_shows_what_is_for_this_caller(cast: Cast) -> None:
    own, foreign = world.listing(cast.agency), world.listing(world.agency())
    rows = {row["id"]: set(row) for row in cast.manager.get("listings").json()["results"]}

    assert rows == {str(own.pk): OWN_LISTING, str(foreign.pk): LISTING}


def test_every_answer_about_an_own_listing_is_the_same_shape(cast: Cast) -> None:
    made = cast.manager.post("listings", world.NEW_LISTING)
    path = made["Location"]
    answers = [made, cast.manager.patch(path, {"bedrooms": 1}, if_match=made["ETag"])]
    answers += [cast.manager.post(f"{path}/{act}") for act in ("publish", "withdraw")]

    assert [answer.status_code for answer in answers] == [201, 200, 200, 200]
    assert [set(answer.json()) for answer in answers] == [OWN_LISTING] * 4


def test_values_have_one_form(cast: Cast) -> None:
    listing = world.listing(cast.agency, reserve_price=None)
    shown = cast.manager.get(f"listings/{listing.pk}").json()

    assert UUID.fullmatch(shown["id"]) and UUID.fullmatch(shown["agency"])
    assert MOMENT.fullmatch(shown["created_at"]) and MOMENT.fullmatch(shown["updated_at"])
    assert shown["price"] == {"amount": "425000.00", "currency": "USD"}
    assert shown["reserve_price"] is None


def test_a_profile_is_masked_unless_it_is_revealed(cast: Cast) -> None:
    world.profile(cast.buyer.user)
    shown = cast.buyer.get("buyer-profile").json()
    revealed = cast.buyer.post("buyer-profile/reveal", {"reason": "why"}).json()

    assert set(shown) == set(revealed) == PROFILE
    assert {name: shown[name] for name in world.NEW_PROFILE} == {
        "legal_name": "A• M• O•",
        "phone": "••••0123",
        "national_id": "••••789",
        "date_of_birth": "••••-••-••",
        "annual_income": "••••••",
    }
    assert {name: revealed[name] for name in world.NEW_PROFILE} == world.NEW_PROFILE


def test_every_write_of_a_profile_answers_masked(cast: Cast) -> None:
    answers = [
        cast.buyer.put("buyer-profile", world.NEW_PROFILE),
        cast.buyer.put("buyer-profile", world.NEW_PROFILE, if_match='"1"'),
        cast.buyer.patch("buyer-profile", {"legal_name": "Li Wei"}, if_match='"2"'),
    ]

    assert [answer.status_code for answer in answers] == [201, 200, 200]
    for answer in answers:
        assert set(answer.json()) == PROFILE
        for value in ("María", "5550123", "6789", "1984", "85000", "Wei"):
            assert value not in answer.content.decode()


def test_an_offer_shows_the_same_to_both_sides_with_the_buyer_masked(cast: Cast) -> None:
    world.profile(cast.buyer.user)
    offer = world.offer(world.listing(cast.agency), cast.buyer.user)

    for caller in (cast.buyer, cast.agent, cast.manager):
        for shown in (
            caller.get(f"offers/{offer.pk}").json(),
            caller.get("offers").json()["results"][0],
        ):
            assert set(shown) == OFFER
            buyer = {"id": str(cast.buyer.user.pk), "legal_name": "A• M• O•"}
            assert shown["buyer"] == buyer


def test_an_offer_of_a_buyer_without_a_profile_has_no_name_in_it(cast: Cast) -> None:
    offer = world.offer(world.listing(cast.agency), cast.buyer.user)

    assert set(cast.manager.get(f"offers/{offer.pk}").json()["buyer"]) == {"id"}
    revealed = cast.manager.post(f"offers/{offer.pk}/reveal", {"reason": "why"})
    assert set(revealed.json()["buyer"]) == {"id"}


def test_a_revealed_offer_shows_name_and_phone_and_nothing_more(cast: Cast) -> None:
    world.profile(cast.buyer.user)
    offer = world.offer(world.listing(cast.agency), cast.buyer.user)
    response = cast.manager.post(f"offers/{offer.pk}/reveal", {"reason": "Closing"})

    assert set(response.json()) == OFFER
    assert response.json()["buyer"] == {
        "id": str(cast.buyer.user.pk),
        "legal_name": "Ana María O'Neil",
        "phone": "+15055550123",
    }
    for value in ("6789", "1984", "85000", cast.buyer.user.email):
        assert value not in response.content.decode()


def test_a_key_shows_its_text_once(cast: Cast) -> None:
    made = cast.buyer.post("api-keys", {"name": "n", "scopes": ["read"]})
    shown = cast.buyer.get(made["Location"])

    assert set(made.json()) == KEY | {"key"}
    assert set(shown.json()) == KEY
    assert [set(row) for row in cast.buyer.get("api-keys").json()["results"]] == [KEY] * 2


def test_me_shows_the_caller(cast: Cast) -> None:
    shown = cast.manager.get("me").json()

    assert set(shown) == {"id", "email", "role", "agency", "credential"}
    assert shown["agency"] == {"id": str(cast.agency.pk), "name": "Ours"}
    assert set(shown["credential"]) == {"kind", "id", "scopes", "tier", "expires_at"}


def test_a_page_is_rows_and_two_paths(cast: Cast) -> None:
    world.profile(cast.buyer.user)
    for path in ("listings", "offers", "api-keys"):
        assert set(cast.buyer.get(path).json()) == {"results", "next", "previous"}


#: Declared shape, and how to get a real answer that has every member.
REAL: dict[type[BaseModel], Callable[[Cast], Any]] = {
    ListingShown: lambda cast: cast.manager.post("listings", world.NEW_LISTING),
    ApiKeyCreated: lambda cast: cast.buyer.post("api-keys", {"name": "n", "scopes": ["read"]}),
    ApiKeyShown: lambda cast: cast.buyer.get(f"api-keys/{cast.buyer.row.pk}"),
    BuyerProfileShown: lambda cast: cast.buyer.put("buyer-profile", world.NEW_PROFILE),
    BuyerProfileRevealed: lambda cast: _revealed_profile(cast),
    OfferShown: lambda cast: _offer(cast),
    OfferRevealed: lambda cast: cast.manager.post(
        f"{_offer(cast)['Location']}/reveal", {"reason": "why"}
    ),
}


def _revealed_profile(cast: Cast) -> Any:
    world.profile(cast.buyer.user)
    return cast.buyer.post("buyer-profile/reveal", {"reason": "why"})


def _offer(cast: Cast) -> Any:
    world.profile(cast.buyer.user)
    return cast.buyer.post("offers", bid_on(world.listing(cast.agency)), **ONCE)


@pytest.mark.parametrize("shape", REAL, ids=lambda shape: shape.__name__)
def test_what_is_declared_is_what_is_answered(cast: Cast, shape: type[BaseModel]) -> None:
    response = REAL[shape](cast)

    assert response.status_code in (200, 201), response.content
    assert set(shape.model_fields) == set(response.json())
    nested = shape.model_fields.get("buyer")
    if nested:
        assert set(nested.annotation.model_fields) == set(response.json()["buyer"])


def test_every_operation_with_a_body_in_its_answer_declares_it() -> None:
    for route in api_routes():
        for method, operation in route.view.operations().items():
            declared = operation.returns is not None
            assert declared is (operation.status not in (202, 204)), (route.path, method)


def test_answers_are_plain_json(cast: Cast) -> None:
    world.listing(cast.agency, title="<script>alert(1)</script>")
    response = cast.stranger.get("listings")

    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["results"][0]["title"].startswith("<script>")
