"""What a caller may not see answers, byte for byte, like what does not exist."""

from uuid import uuid4

import pytest
from django.http import HttpResponse

from apps.listings.models import Status
from tests import world
from tests.api import Api, assert_problem

from .answers import ONCE, bid_on
from .cast import Cast


def anonymised(response: HttpResponse) -> tuple:
    """Status, body and headers without what differs between any two requests."""
    request_id = response["X-Request-ID"]
    volatile = {"X-Request-ID", "RateLimit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
    headers = {name: value for name, value in response.items() if name not in volatile}
    return response.status_code, response.content.replace(request_id.encode(), b""), headers


def same(caller: Api, method: str, path: str, hidden: object, body: object = None) -> None:
    """The hidden object and one that does not exist give one answer."""
    headers = {"if_match": '"1a"'}
    there = caller.send(method, path.format(hidden), body, **headers)
    absent = caller.send(method, path.format(uuid4()), body, **headers)

    assert_problem(there, 404, "not_found")
    assert anonymised(there) == anonymised(absent)


LISTING_ROUTES = [
    ("GET", "listings/{}", None),
    ("PATCH", "listings/{}", {"bedrooms": 1}),
    ("DELETE", "listings/{}", None),
    ("POST", "listings/{}/publish", None),
    ("POST", "listings/{}/withdraw", None),
]
OFFER_ROUTES = [
    ("GET", "offers/{}", None),
    ("POST", "offers/{}/accept", None),
    ("POST", "offers/{}/reject", None),
    ("POST", "offers/{}/reveal", {"reason": "why"}),
]
HIDDEN = [Status.DRAFT, Status.WITHDRAWN, Status.SOLD]


@pytest.mark.parametrize("status", HIDDEN)
@pytest.mark.parametrize(("method", "path", "body"), LISTING_ROUTES)
def test_a_listing_of_another_agency_that_is_not_published(
    cast: Cast, status: str, method: str, path: str, body: object
) -> None:
    same(cast.rival, method, path, world.listing(cast.agency, status).pk, body)


@pytest.mark.parametrize("status", HIDDEN)
def test_a_listing_that_is_not_public(cast: Cast, status: str) -> None:
    hidden = world.listing(cast.agency, status).pk
    for caller in (cast.stranger, cast.buyer):
        same(caller, "GET", "listings/{}", hidden)


@pytest.mark.parametrize(("method", "path", "body"), OFFER_ROUTES)
def test_an_offer_on_a_listing_of_another_agency(
    cast: Cast, method: str, path: str, body: object
) -> None:
    offer = world.offer(world.listing(cast.agency), cast.buyer.user)

    same(cast.rival, method, path, offer.pk, body)


@pytest.mark.parametrize("path", ["offers/{}", "offers/{}/withdraw"])
def test_an_offer_of_another_buyer(cast: Cast, path: str) -> None:
    offer = world.offer(world.listing(cast.agency), cast.buyer.user)

    same(cast.other_buyer, "POST" if "withdraw" in path else "GET", path, offer.pk)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_key_of_another_user_even_of_the_same_agency(cast: Cast, method: str) -> None:
    same(cast.manager, method, "api-keys/{}", cast.agent.row.pk)
    assert cast.agent.get("me").status_code == 200


def test_a_hidden_listing_in_a_body(cast: Cast) -> None:
    hidden, absent = world.listing(cast.agency, Status.DRAFT).pk, uuid4()
    answers = []
    for listing in (hidden, absent):
        body = bid_on(world.listing(cast.agency)) | {"listing": str(listing)}
        response = cast.buyer.post("offers", body, **ONCE)
        assert_problem(response, 400, "validation_failed", "/listing")
        answers.append(anonymised(response))

    assert answers[0] == answers[1]


def test_what_is_hidden_is_not_counted_paged_or_found(cast: Cast) -> None:
    seen = world.listing(cast.agency)
    for status in HIDDEN:
        world.listing(cast.agency, status)
    page = cast.stranger.get("listings", {"limit": "1"}).json()

    assert [row["id"] for row in page["results"]] == [str(seen.pk)]
    assert page["next"] is page["previous"] is None
    assert cast.stranger.get("listings", {"min_price": "1", "city": "Cañon City"}).json() == page


def test_there_is_no_other_way_to_name_an_object(cast: Cast) -> None:
    listing = world.listing(cast.agency)
    for spelling in (
        listing.pk.hex,
        str(listing.pk).upper(),
        f"{{{listing.pk}}}",
        f"urn:uuid:{listing.pk}",
        f"{listing.pk}/",
        f"{listing.pk}.json",
        str(listing.pk.int),
    ):
        assert_problem(cast.stranger.get(f"listings/{spelling}"), 404, "not_found")
