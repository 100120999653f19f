"""The life of an offer, through the API."""

import pytest

from apps.audit.models import AuditEntry
from apps.listings.models import Listing
from apps.offers.models import Offer
from tests import world
from tests.api import assert_problem

from .answers import ONCE, bid_on
from .cast import Cast


def test_from_bid_to_sale(cast: Cast) -> None:
    listing = world.listing(cast.agency)
    bids = [
        buyer.post("offers", bid_on(listing, "410000.50"), **ONCE)
        for buyer in (cast.buyer, cast.other_buyer)
    ]
    first, second = (bid["Location"] for bid in bids)
    response = cast.manager.post(f"{first}/accept")

    assert response.status_code == 200
    assert response.json()["status"] == "accepted"
    assert response.json()["amount"] == {"amount": "410000.50", "currency": "USD"}
    assert response.json()["decided_at"] is not None
    assert cast.other_buyer.get(second).json()["status"] == "rejected"
    assert cast.manager.get(f"listings/{listing.pk}").json()["status"] == "sold"
    assert_problem(cast.buyer.get(f"listings/{listing.pk}"), 404, "not_found")


@pytest.mark.parametrize("act", ["accept", "reject"])
def test_a_manager_decides_once(cast: Cast, act: str) -> None:
    offer = world.offer(world.listing(cast.agency), cast.buyer.user)
    assert cast.manager.post(f"offers/{offer.pk}/{act}").status_code == 200

    for again in ("accept", "reject"):
        assert_problem(cast.manager.post(f"offers/{offer.pk}/{again}"), 409, "conflict")
    assert_problem(cast.buyer.post(f"offers/{offer.pk}/withdraw"), 409, "conflict")


def test_a_buyer_takes_an_offer_back_once(cast: Cast) -> None:
    offer = world.offer(world.listing(cast.agency), cast.buyer.user)
    response = cast.buyer.post(f"offers/{offer.pk}/withdraw")

    assert response.json()["status"] == "withdrawn"
    assert_problem(cast.buyer.post(f"offers/{offer.pk}/withdraw"), 409, "conflict")
    assert_problem(cast.manager.post(f"offers/{offer.pk}/accept"), 409, "conflict")


def test_of_two_offers_on_one_listing_one_is_accepted(cast: Cast) -> None:
    listing = world.listing(cast.agency)
    one, other = (world.offer(listing, b.user) for b in (cast.buyer, cast.other_buyer))
    cast.manager.post(f"offers/{one.pk}/accept")

    assert_problem(cast.manager.post(f"offers/{other.pk}/accept"), 409, "conflict")
    assert Offer.objects.filter(status="accepted").count() == 1


@pytest.mark.parametrize("status", ["draft", "withdrawn", "sold"])
def test_a_bid_on_what_is_not_on_sale_is_a_bid_on_nothing(cast: Cast, status: str) -> None:
    listing = world.listing(cast.agency, status)
    response = cast.buyer.post("offers", bid_on(listing), **ONCE)

    assert_problem(response, 400, "validation_failed", "/listing")
    assert not Offer.objects.exists()


def test_a_sold_listing_keeps_its_offers_and_its_life(cast: Cast) -> None:
    listing = world.listing(cast.agency)
    offer = world.offer(listing, cast.buyer.user)
    cast.manager.post(f"offers/{offer.pk}/accept")
    path = f"listings/{listing.pk}"

    for act in ("publish", "withdraw"):
        assert_problem(cast.manager.post(f"{path}/{act}"), 409, "conflict")
    response = cast.manager.patch(path, {"bedrooms": 1}, if_match='"2a"')
    assert_problem(response, 409, "conflict")
    assert_problem(cast.manager.delete(path, if_match='"2a"'), 409, "conflict")
    assert Listing.objects.count() == Offer.objects.count() == 1


def test_a_reveal_is_recorded_with_its_reason_before_the_values_leave(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.profile(cast.buyer.user)
    path = f"offers/{world.offer(world.listing(cast.agency), cast.buyer.user).pk}/reveal"
    assert cast.manager.post(path, {"reason": "Closing"}).status_code == 200
    entry = AuditEntry.objects.get(verb="offer.revealed")
    assert (entry.reason, entry.actor) == ("Closing", f"user:{cast.manager.user.pk}")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("apps.offers.lifecycle.record", broken)
    response = cast.manager.post(path, {"reason": "Closing"})
    assert_problem(response, 500, "internal_error")
    assert b"5550123" not in response.content


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 201}, None])
def test_a_reveal_needs_a_reason(cast: Cast, body: object) -> None:
    world.profile(cast.buyer.user)
    offer = world.offer(world.listing(cast.agency), cast.buyer.user)
    for caller, path in ((cast.manager, f"offers/{offer.pk}"), (cast.buyer, "buyer-profile")):
        assert caller.post(f"{path}/reveal", body).status_code == 400
    assert not AuditEntry.objects.filter(verb__endswith="revealed").exists()


def test_a_message_is_ciphertext_at_rest(cast: Cast) -> None:
    words = "Please do not tell my landlord"
    cast.buyer.post("offers", bid_on(world.listing(cast.agency)) | {"message": words}, **ONCE)

    stored = Offer.objects.values_list("message", flat=True).get()
    assert words.encode() not in bytes(stored.envelope)
    assert Offer.objects.get().message == words
