"""How many statements each route costs: pinned, because one more is never noticed otherwise.

`query_counts.txt` is what stands here and must be what is measured, for the first caller of each
row who succeeds. BEGIN and COMMIT count (inside a test they are a savepoint's).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from . import routes, table
from .recipes import RECIPES
from .test_matrix import VERSIONS
from .world import World

pytestmark = pytest.mark.django_db

PINNED = Path(__file__).with_name("query_counts.txt")


def test_every_route_sends_as_many_statements_as_is_written(made: World) -> None:
    measured = list(_measured(made))

    assert measured == PINNED.read_text().splitlines()


def _measured(made: World) -> Iterator[str]:
    yield f"{'statements of one request':<56}{'v1':>4}{'v2':>4}"
    for row, column in _successes():
        asked = [_statements(made, version, row, column) for version in ("v1", "v2")]
        yield f"{' '.join(filter(None, row)):<56}{asked[0]:>4}{asked[1]:>4}"


def _successes() -> Iterator[tuple[table.Row, str]]:
    """Each row, with the first caller who has a credential and succeeds."""
    found = {}
    for row, column, expected in table.read().cells():
        if expected.startswith("2") and column != "anon":
            found.setdefault(row, column)
    yield from found.items()


def _statements(made: World, version: str, row: table.Row, column: str) -> str:
    if row[:2] not in routes.operations(version):
        return "-"
    principal = made.principals[column]
    # The first use of a key, and its first of v1, are written down: not what this route costs.
    principal.api.get(f"/api/{version}/me")
    with transaction.atomic():
        honest = RECIPES[row](made, principal)
        path, body = f"/api/{version}/{honest.path}", VERSIONS[version](honest.body)
        with CaptureQueriesContext(connection) as sent:
            response = principal.api.send(row[0], path, body, **honest.headers)
            b"".join(response)  # what is sent while it is made counts as well
        assert response.status_code < 300, response
        transaction.set_rollback(True)
    return str(len(sent))
