"""Twenty offers within any 24 hours, and not one more."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.offers.lifecycle import PER_DAY as POLICY
from apps.offers.models import Offer
from tests import world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db

PER_DAY = POLICY.quota
HOUR = timedelta(hours=1)


def made(buyer: User, ago: timedelta, times: int = 1) -> None:
    """Offers of this buyer, so long ago."""
    agency = world.agency()
    for _ in range(times):
        row = world.offer(world.listing(agency), buyer)
        Offer.objects.filter(pk=row.pk).update(created_at=datetime.now(UTC) - ago)


def bid(buyer: User, key: str = "a-fresh-random-value") -> object:
    listing = world.listing(world.agency())
    body = {"listing": str(listing.pk), "amount": {"amount": "1", "currency": "USD"}}
    return Api(world.key(buyer)).post("offers", body, idempotency_key=key)


def test_the_twentieth_is_taken_and_the_next_is_not() -> None:
    buyer = world.person()
    made(buyer, HOUR, PER_DAY - 1)

    assert bid(buyer).status_code == 201
    assert_problem(bid(buyer), 429, "rate_limited")
    assert Offer.objects.count() == PER_DAY == 20


def test_the_answer_says_when_the_oldest_falls_out() -> None:
    buyer = world.person()
    made(buyer, 23 * HOUR)
    made(buyer, HOUR, PER_DAY - 1)

    wait = int(bid(buyer)["Retry-After"])
    assert 3600 - 30 <= wait <= 3600 + 1


def test_the_window_slides() -> None:
    buyer = world.person()
    made(buyer, 24 * HOUR + timedelta(seconds=1))
    made(buyer, 23 * HOUR, PER_DAY - 1)

    assert bid(buyer).status_code == 201
    assert bid(buyer).status_code == 429


def test_withdrawn_offers_count_so_that_nobody_gets_around_it() -> None:
    buyer = world.person()
    made(buyer, HOUR, PER_DAY)
    Offer.objects.update(status="withdrawn")

    assert_problem(bid(buyer), 429, "rate_limited")


def test_each_buyer_has_the_own_twenty() -> None:
    made(world.person(), HOUR, PER_DAY)

    assert bid(world.person()).status_code == 201


def test_a_refused_bid_does_not_use_up_its_key() -> None:
    buyer = world.person()
    made(buyer, HOUR, PER_DAY)
    assert bid(buyer).status_code == 429
    Offer.objects.update(created_at=datetime.now(UTC) - 25 * HOUR)

    assert bid(buyer).status_code == 201


def test_the_refusal_tells_the_limit_that_was_reached() -> None:
    buyer = world.person()
    made(buyer, HOUR, PER_DAY)
    refused = bid(buyer)

    assert_problem(refused, 429, "rate_limited")
    wait = int(refused["Retry-After"])
    assert refused["RateLimit-Policy"] == '"offers";q=20;w=86400'
    assert refused["RateLimit"] == f'"offers";r=0;t={wait}'
    assert (refused["X-RateLimit-Limit"], refused["X-RateLimit-Remaining"]) == ("20", "0")


def test_one_listing_gets_at_most_five_of_them() -> None:
    buyer, listing = world.person(), world.listing(world.agency())
    for _ in range(5):
        world.offer(listing, buyer, status="withdrawn")
    body = {"listing": str(listing.pk), "amount": {"amount": "1", "currency": "USD"}}
    refused = Api(world.key(buyer)).post("offers", body, idempotency_key="a-fresh-value")

    assert_problem(refused, 429, "rate_limited")
    assert refused["RateLimit-Policy"] == '"listing-offers";q=5;w=86400'
    assert bid(buyer).status_code == 201
    other = Api(world.key(world.person())).post("offers", body, idempotency_key="a-fresh-value")
    assert other.status_code == 201


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_second_open_offer_on_a_listing_is_a_conflict_and_a_closed_one_is_not(
    version: str,
) -> None:
    buyer, listing = world.person(), world.listing(world.agency())
    earlier = world.offer(listing, buyer)
    amount = 1 if version == "v1" else {"amount": "1", "currency": "USD"}
    body = {"listing": str(listing.pk), "amount": amount}

    def again() -> object:
        api = Api(world.key(buyer))
        return api.post(f"/api/{version}/offers", body, idempotency_key="a-fresh-value")

    assert_problem(again(), 409, "conflict")
    Offer.objects.filter(pk=earlier.pk).update(status="rejected")
    assert again().status_code == 201
    assert Offer.objects.filter(status="submitted").count() == 1


def test_the_table_itself_holds_one_open_offer_of_a_buyer_on_a_listing() -> None:
    buyer, listing = world.person(), world.listing(world.agency())
    world.offer(listing, buyer)
    world.offer(listing, buyer, status="withdrawn")

    with pytest.raises(IntegrityError), transaction.atomic():
        world.offer(listing, buyer)
