"""Pages of v2 at any depth: which are measured, and the paths that lead to them.

A client reaches a deep page by following `next` thousands of times. Here the cursor of a row is
made by the function that the service makes its own with; nothing about it is special.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import get_args
from urllib.parse import urlencode

from django.http import QueryDict
from django.test import RequestFactory

from apps.access.credential import Credential
from apps.api_v2.shapes.listing import ListingSearch
from apps.core import cursor
from apps.listings.search import search
from benchmarks.homes import COMMON, RARE
from benchmarks.target import PAGE_SIZE

PATH = "/api/v2/listings"


class Depth(StrEnum):
    FIRST = "first"
    MIDDLE = "middle"
    DEEPEST = "deepest"


@dataclass(frozen=True, slots=True)
class Case:
    """A page that is measured: a query, and how deep."""

    label: str
    depth: Depth
    query: Mapping[str, str] = field(hash=False)


def cases() -> Iterator[Case]:
    """Every ordering without a search; a search that finds many, and one that finds thirty."""
    common = _place(COMMON, "200000", "400000")
    orderings = get_args(ListingSearch.model_fields["ordering"].annotation)
    queries = {f"by {ordering}": {"ordering": ordering} for ordering in orderings}
    queries |= {
        "common place, by -created_at": common,
        "common place, by price": common | {"ordering": "price"},
        "rare place, by -created_at": _place(RARE, "1", "1000000"),
    }
    for label, query in queries.items():
        for depth in Depth:
            yield Case(label, depth, query)


def path_to(case: Case, credential: Credential) -> str:
    """The path with query of this page, in the database that is connected now."""
    asked = RequestFactory().get(PATH, case.query)
    if case.depth is Depth.FIRST:
        return f"{PATH}?{urlencode(case.query)}"
    query = ListingSearch.read(QueryDict(urlencode(case.query)))
    rows = search(credential, query.terms())
    total = rows.count()
    # The deepest full page, and not what remains after it.
    before = total // 2 if case.depth is Depth.MIDDLE else total - PAGE_SIZE - 1
    sign, name = ("-", query.ordering[1:]) if query.ordering[0] == "-" else ("", query.ordering)
    row = rows.order_by(f"{sign}{name}", f"{sign}id")[before]
    return cursor._link(asked, query.ordering, row, backwards=False)


def _place(place: tuple[str, str], low: str, high: str) -> dict[str, str]:
    return {"city": place[0], "state": place[1], "min_price": low, "max_price": high}
