"""For every method of every route, in both versions, somebody who may, and what may not happen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from pydantic import BaseModel

from apps.access.checks import api_routes
from apps.access.operation import Operation
from apps.ratelimits.limiter import reset_stores
from tests.api import PROBLEM
from tests.matrix import routes, table
from tests.matrix.recipes import RECIPES, Honest
from tests.matrix.v1_bodies import in_v1
from tests.matrix.world import World

TABLE = table.read()
#: What a refused request may add to: the audit says so, and v1 counts who uses it.
_places = count(1 << 16)
_GROWS = {"audit_entry", "api_v1_v1use"}


@dataclass(frozen=True)
class Asked:
    """One method of one route of one version."""

    version: str
    row: table.Row
    column: str
    operation: Operation

    def honest(self, made: World) -> Honest:
        """A request that succeeds."""
        honest = RECIPES[self.row](made, made.principals[self.column])
        body = in_v1(honest.body) if self.version == "v1" else honest.body
        return Honest(f"/api/{self.version}/{honest.path}", body, honest.headers)

    def send(self, made: World, path: str, body: Any = None, **headers: str) -> Any:
        """From an address of its own, and never too often: limits are tested elsewhere."""
        api, place = made.principals[self.column].api, next(_places)
        if place % 4 == 0:  # the tightest is five an hour
            reset_stores()
            cache.clear()
        api.client.defaults["REMOTE_ADDR"] = f"127.{place >> 16}.{place >> 8 & 255}.{place & 255}"
        return api.send(self.row[0], path, body, **headers)


def _asked() -> Iterator[Asked]:
    may = {row: column for row, column, expected in TABLE.cells() if expected.startswith("2")}
    for route in api_routes():
        version, name = route.path.split("/")[2], routes.name(route)
        for method, operation in route.view.operations().items():
            rows = [row for row in TABLE.rows if row[:2] == (method, name) and row in may]
            yield Asked(version, rows[0], may[rows[0]], operation)


ASKED = list(_asked())


def named(asked: Asked) -> str:
    return f"{asked.version} {' '.join(filter(None, asked.row))}"


def places(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """Every field of a body, and of the objects in it."""
    for name, field in model.model_fields.items():
        yield (name,)
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from ((name, inner) for inner in part.model_fields)


def replaced(body: Any, place: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The body with something else in this place."""
    body = dict(body or {})
    if len(place) == 1:
        return body | {place[0]: value}
    inner = body.get(place[0]) or {"amount": "1.00", "currency": "USD"}
    return body | {place[0]: {**inner, place[1]: value}}


def counts() -> dict[str, int]:
    """How many rows each of our tables has, in one query."""
    tables = [
        model._meta.db_table for model in apps.get_models() if model.__module__[:5] == "apps."
    ]
    parts = ", ".join(f"(SELECT COUNT(*) FROM {name})" for name in tables)  # noqa: S608 (ours)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


@contextmanager
def undone() -> Iterator[None]:
    """Each request finds the world as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def assert_harmless(response: Any, before: dict[str, int], what: object) -> None:
    """An answer of the contract; a refusal is a problem document and has written nothing."""
    assert response.status_code < 500, (what, response.content)
    if response.status_code < 400:
        return
    if response.content:
        assert response["Content-Type"] == "application/problem+json", what
        document = response.json()
        assert set(document) - {"errors", "reason"} == PROBLEM, what
        assert len(response.content) < 20_000, what
    after = counts()
    written = {name for name in before if after[name] != before[name]}
    assert written <= _GROWS, (what, written, response.content)
