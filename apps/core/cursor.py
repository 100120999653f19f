"""Keyset pages: as fast on the last page as on the first, and stable while rows are written.

A cursor names the row beside the page and the order it was made for. It is signed, so that what
comes back is what was given out; it grants nothing, since every page is cut from `visible_to`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
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
class _Position:
    ordering: str
    backwards: bool
    value: str
    row: str


def page(
    rows: QuerySet, request: HttpRequest, *, ordering: str, limit: int, cursor: str | None
) -> Page:
    """Cut one page of `limit` rows ordered by `ordering` (one field, "-" for descending).

    Raises Problem for a cursor that was not given out for this ordering.
    """
    position = _read(cursor, ordering) if cursor else None
    backwards = bool(position and position.backwards)
    field = ordering.lstrip("-")
    descending = ordering.startswith("-") != backwards
    if position:
        rows = rows.filter(_beyond(rows.model, field, descending, position))
    direction = "-" if descending else ""
    found = list(rows.order_by(f"{direction}{field}", f"{direction}id")[: limit + 1])
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


def _beyond(model: type[Model], field: str, descending: bool, position: _Position) -> Q:
    side = "lt" if descending else "gt"
    value = model._meta.get_field(field).to_python(position.value)
    # (field, id) beyond (value, row), written so that an index on the field serves it.
    return Q(**{f"{field}__{side}e": value}) & ~Q(
        Q(**{field: value}) & ~Q(**{f"id__{side}": UUID(position.row)})
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
