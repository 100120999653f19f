"""A page of anything, and the parameters that cut it."""

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field

from apps.core.cursor import MAX_CURSOR, Page
from apps.core.data_classes import Output
from apps.core.inputs import Query
from apps.core.values import whole_number

Row = TypeVar("Row")

DEFAULT_LIMIT = 25
#: A path with its query, as long as a request line may be.
Link = Annotated[str, Field(max_length=4096)]


class PageOf(Output, Generic[Row]):
    """Some rows, and the paths of the pages beside them."""

    results: list[Row] = Field(max_length=100)
    next: Link | None = Field(examples=["/api/v2/listings?limit=25&cursor=…"])
    previous: Link | None = Field(examples=[None])


Limit = whole_number(1, 100)
Cursor = Annotated[str, Field(min_length=1, max_length=MAX_CURSOR)]


class PageQuery(Query):
    """`limit` and `cursor`."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


def page_of(page: Page, show: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """A page as clients read it."""
    return {
        "results": [show(row) for row in page.rows],
        "next": page.next,
        "previous": page.previous,
    }
