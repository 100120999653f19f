"""Keyset pages: as fast on the last page as on the first, and stable while rows are written.

A cursor names the row beside the page and the order it was made for. It is signed, so that what
comes back is what was given out; it grants nothing, since every page is cut from `visible_to`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import HttpRequest

from .problems import FieldError, Problem, invalid

_SALT = "gatehouse.cursor"
MAX_CURSOR = 400


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the path with query of the pages beside them (None at an end)."""

    rows: Sequence[Model]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class Cut:
    """Which rows a page takes: at most `most`, in the order of one field and then of the id."""

    field: str
    descending: bool
    most: int

    def of(self, rows: QuerySet, value: Any = None, row: Any = None) -> QuerySet:
        """Cut `rows`; with a `value`, only those beyond it and, where equal, beyond the id `row`.

        The two are compared as one pair, which an index on (field, id) answers at any depth.
        """
        if value is not None:
            beyond = TupleLessThan if self.descending else TupleGreaterThan
            rows = rows.filter(beyond((F(self.field), F("id")), (value, row)))
        sign = "-" if self.descending else ""
        return rows.order_by(f"{sign}{self.field}", f"{sign}id")[: self.most]


@dataclass(frozen=True, slots=True)
class _Position:
    ordering: str
    backwards: bool
    value: str
    row: str


def cut_from(rows: QuerySet) -> Callable[..., list[Model]]:
    """How `page` fetches from a queryset that is not compiled."""
    return lambda cut, **beyond: list(cut.of(rows, **beyond))


def page(
    fetch: Callable[..., list[Model]],
    model: type[Model],
    request: HttpRequest,
    *,
    ordering: str,
    limit: int,
    cursor: str | None,
) -> Page:
    """Cut one page of `limit` rows ordered by `ordering` (one field, "-" for descending).

    `fetch(cut, value=…, row=…)` returns the rows of a Cut. Raises Problem for a cursor that was
    not given out for this ordering.
    """
    position = _read(cursor, ordering) if cursor else None
    backwards = bool(position and position.backwards)
    field = ordering.lstrip("-")
    cut = Cut(field, ordering.startswith("-") != backwards, limit + 1)
    beyond = {"value": None, "row": None}
    if position:
        value = model._meta.get_field(field).to_python(position.value)
        beyond = {"value": value, "row": UUID(position.row)}
    found = fetch(cut, **beyond)
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    has_next = bool(found) and (backwards or more)
    has_previous = bool(found) and (more if backwards else position is not None)
    return Page(
        found,
        _link(request, ordering, found[-1], backwards=False) if has_next else None,
        _link(request, ordering, found[0], backwards=True) if has_previous else None,
    )


def _link(request: HttpRequest, ordering: str, row: Model, *, backwards: bool) -> str:
    value = getattr(row, ordering.lstrip("-"))
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    token = signing.dumps([ordering, backwards, text, str(row.pk)], salt=_SALT)
    query = {**request.GET.dict(), "cursor": token}
    return f"{request.path}?{urlencode(query)}"


def _read(cursor: str, ordering: str) -> _Position:
    try:
        position = _Position(*signing.loads(cursor, salt=_SALT))
    except signing.BadSignature:
        raise _not_given_out() from None
    if position.ordering != ordering:
        raise _not_given_out()
    return position


def _not_given_out() -> Problem:
    return invalid(FieldError("?cursor", "invalid", "Use a link from next or previous, unchanged."))
