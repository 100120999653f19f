"""v1's pages: numbered and counted, as clients of 2025 expect them."""

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from pydantic import Field

from apps.core.data_classes import Output
from apps.core.inputs import Query
from apps.core.values import whole_number

Row = TypeVar("Row")

#: An offset costs what it skips: beyond this page a client is a scraper, or should use v2.
MAX_PAGE = 100
Link = Annotated[str, Field(max_length=4096)]


class PageOf(Output, Generic[Row]):
    """One numbered page."""

    count: int = Field(ge=0, le=2_000_000_000)
    next: Link | None = Field(examples=["/api/v1/listings?page=3"])
    previous: Link | None = Field(examples=["/api/v1/listings?page=1"])
    results: list[Row] = Field(max_length=100)


class PageQuery(Query):
    """`page` and `page_size`."""

    page: whole_number(1, MAX_PAGE) = 1
    page_size: whole_number(1, 100) = 25


def page_of(
    rows: QuerySet, request: HttpRequest, query: PageQuery, show: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """Cut and show one page. A page beyond the last one is empty."""
    start = (query.page - 1) * query.page_size
    count = rows.count()
    more = count > start + query.page_size and query.page < MAX_PAGE
    return {
        "count": count,
        "next": _link(request, query.page + 1) if more else None,
        "previous": _link(request, query.page - 1) if query.page > 1 else None,
        "results": [show(row) for row in rows[start : start + query.page_size]],
    }


def _link(request: HttpRequest, number: int) -> str:
    return f"{request.path}?{urlencode({**request.GET.dict(), 'page': number})}"
