"""Keyset pages: every row once, forward and back, in every order, whatever is equal."""

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.apikeys.models import ApiKey
from apps.listings.models import Listing
from apps.offers.models import Offer
from tests import world
from tests.api import Api, assert_problem

from .cast import Cast

ORDERINGS = ["price", "-price", "bedrooms", "-bedrooms", "created_at", "-created_at"]
ROWS = 60


@pytest.fixture
def sixty(cast: Cast) -> Cast:
    """Sixty listings, most of which share their price and number of rooms with others."""
    for number in range(ROWS):
        world.listing(
            cast.agency, price=Decimal(100 + number // 7), reserve_price=None, bedrooms=number % 3
        )
    moment = Listing.objects.first().created_at
    Listing.objects.filter(bedrooms=1).update(created_at=moment)
    return cast


def expected(ordering: str) -> list[str]:
    direction = "-" if ordering.startswith("-") else ""
    rows = Listing.objects.order_by(ordering, f"{direction}id")
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def walk(caller: Api, path: str, way: str) -> tuple[list[list[str]], str]:
    """The ids of every page from here on, and the path of the last page."""
    pages = []
    while True:
        page = caller.get(path).json()
        pages.append([row["id"] for row in page["results"]])
        if page[way] is None:
            return pages, path
        path = page[way]


@pytest.mark.parametrize("limit", [7, 20, 100])
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_a_walk_forward_and_back_meets_every_row_once(
    sixty: Cast, ordering: str, limit: int
) -> None:
    caller = sixty.manager
    forward, last = walk(caller, f"listings?ordering={ordering}&limit={limit}", "next")
    back, _ = walk(caller, last, "previous")

    ids = expected(ordering)
    assert [one for page in forward for one in page] == ids
    assert all(len(page) == limit for page in forward[:-1])
    assert [one for page in reversed(back) for one in page] == ids


def test_a_page_keeps_its_terms(sixty: Cast) -> None:
    page = sixty.manager.get("listings", {"bedrooms": "1", "limit": "5", "city": "cañon city"})
    following = sixty.manager.get(page.json()["next"]).json()

    query = parse_qs(urlsplit(page.json()["next"]).query)
    assert (query["bedrooms"], query["limit"], query["city"]) == (["1"], ["5"], ["cañon city"])
    assert [row["bedrooms"] for row in following["results"]] == [1] * 5


def test_a_link_is_a_path_and_names_no_host(sixty: Cast) -> None:
    link = sixty.manager.get("listings", {"limit": "1"}).json()["next"]

    assert link.startswith("/api/v2/listings?")


def test_a_row_that_is_inserted_meanwhile_moves_no_other(sixty: Cast) -> None:
    first = sixty.manager.get("listings", {"ordering": "price", "limit": "10"}).json()
    seen = expected("price")
    world.listing(sixty.agency, price=Decimal(1), reserve_price=None)
    second = sixty.manager.get(first["next"]).json()

    assert [row["id"] for row in second["results"]] == seen[10:20]


def test_a_row_that_is_deleted_meanwhile_hides_no_other(sixty: Cast) -> None:
    first = sixty.manager.get("listings", {"ordering": "price", "limit": "10"}).json()
    seen = expected("price")
    Listing.objects.filter(pk=seen[9]).delete()
    second = sixty.manager.get(first["next"]).json()

    assert [row["id"] for row in second["results"]] == seen[10:20]


def test_a_page_shows_a_caller_only_what_is_visible_whoever_made_the_cursor(sixty: Cast) -> None:
    drafts = Listing.objects.filter(pk__in=expected("price")[::2])
    drafts.update(status="draft")
    link = sixty.manager.get("listings", {"ordering": "price", "limit": "10"}).json()["next"]
    page = sixty.rival.get(link).json()

    assert page["results"]
    assert {row["status"] for row in page["results"]} == {"published"}
    assert "street_address" not in page["results"][0]


@pytest.mark.parametrize(
    "limit", ["0", "101", "-1", "+5", " 5", "5.0", "1e1", "", "a", "٣", "5" * 40]
)
def test_a_limit_is_one_to_a_hundred(cast: Cast, limit: str) -> None:
    for path in ("listings", "offers", "api-keys"):
        response = cast.buyer.get(path, {"limit": limit})
        assert_problem(response, 400, "validation_failed", "?limit")


def cursor_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["cursor"][0]


def refused(caller: Api, path: str, **query: str) -> None:
    assert_problem(caller.get(path, query), 400, "validation_failed", "?cursor")


@pytest.fixture
def cursor(cast: Cast) -> str:
    for _ in range(2):
        world.listing(cast.agency)
    page = cast.manager.get("listings", {"limit": "1", "ordering": "price"}).json()
    return cursor_of(page["next"])


def test_a_cursor_that_was_changed_is_refused(cast: Cast, cursor: str) -> None:
    for at in range(0, len(cursor), 5):
        other = "A" if cursor[at] != "A" else "B"
        changed = cursor[:at] + other + cursor[at + 1 :]
        refused(cast.manager, "listings", cursor=changed, ordering="price")


@pytest.mark.parametrize("text", ["x", "a:b:c", "::", "é", "\x00", "' OR 1=1 --", "A" * 400])
def test_a_cursor_that_was_made_up_is_refused(cast: Cast, text: str) -> None:
    refused(cast.manager, "listings", cursor=text)


def test_a_cursor_of_unbounded_length_or_none_at_all_is_refused(cast: Cast) -> None:
    refused(cast.manager, "listings", cursor="A" * 401)
    refused(cast.manager, "listings", cursor="")


@pytest.mark.parametrize("ordering", [o for o in ORDERINGS if o != "price"])
def test_a_cursor_of_another_order_is_refused(cast: Cast, cursor: str, ordering: str) -> None:
    refused(cast.manager, "listings", cursor=cursor, ordering=ordering)


def test_a_cursor_without_its_order_is_refused(cast: Cast, cursor: str) -> None:
    refused(cast.manager, "listings", cursor=cursor)


def test_a_cursor_signed_for_another_purpose_is_refused(cast: Cast) -> None:
    value = ["price", False, "1", str(world.listing(cast.agency).pk)]
    for token in (signing.dumps(value), signing.dumps(value, salt="x", key="y" * 50)):
        refused(cast.manager, "listings", cursor=token, ordering="price")


@pytest.mark.parametrize(("path", "model"), [("offers", Offer), ("api-keys", ApiKey)])
def test_other_lists_are_paged_alike_newest_first(cast: Cast, path: str, model: Any) -> None:
    for _ in range(5):
        world.offer(world.listing(cast.agency), cast.buyer.user)
        world.key(cast.buyer.user)
    forward, last = walk(cast.buyer, f"{path}?limit=2", "next")
    back, _ = walk(cast.buyer, last, "previous")

    ids = [one for page in forward for one in page]
    assert len(ids) == len(set(ids)) == (5 if path == "offers" else 6)
    newest_first = model.objects.filter(pk__in=ids).order_by("-created_at", "-id")
    assert ids == [str(row.pk) for row in newest_first]
    assert [one for page in reversed(back) for one in page] == ids


@pytest.mark.parametrize("path", ["listings", "offers", "api-keys"])
def test_a_long_page_costs_no_more_questions_than_a_short_one(cast: Cast, path: str) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert cast.buyer.get(path, {"limit": "100"}).status_code == 200
        return len(asked)

    def another() -> None:
        buyer = cast.buyer.user
        world.offer(world.listing(world.agency()), buyer)
        world.key(buyer)

    another()
    cast.buyer.get(path)
    short = questions()
    for _ in range(9):
        another()
    assert questions() == short <= 2
