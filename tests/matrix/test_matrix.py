"""Route by method by principal: every cell of `expectations.txt` is one request and one test."""

import json

import pytest

from apps.access.checks import api_routes
from apps.audit.verbs import Verb
from tests.api import assert_problem

from . import routes, table
from .recipes import RECIPES
from .recorded import RECORDED, Noted, expected_of
from .v1_bodies import in_v1
from .world import World

pytestmark = pytest.mark.django_db

TABLE = table.read()
#: Version, and how a body of the recipes is said in its words.
VERSIONS = {"v2": lambda body: body, "v1": in_v1}
#: One table for both versions: an old version is no way around the new one.
CELLS = [
    pytest.param(
        version, row, column, expected, id=f"{version} {' '.join(filter(None, row))} by {column}"
    )
    for version in VERSIONS
    for row, column, expected in TABLE.cells()
    if row[:2] in routes.operations(version)
]
#: What the answer says beside its status.
CODES = {
    "403": "not_permitted",
    "403s": "insufficient_scope",
    "403f": "second_factor_required",
    "404": "not_found",
}
REASONS = {"expired": "expired", "revoked": "revoked", "inactive": "inactive"}


@pytest.mark.parametrize(("version", "row", "column", "expected"), CELLS)
def test_the_table_holds(
    made: World, version: str, row: table.Row, column: str, expected: str
) -> None:
    principal = made.principals[column]
    honest = RECIPES[row](made, principal)
    path, body = f"/api/{version}/{honest.path}", VERSIONS[version](honest.body)

    noted = Noted()
    response = principal.api.send(row[0], path, body, **honest.headers)

    assert str(response.status_code) == expected.rstrip("sf"), response
    assert noted.verbs() == expected_of(row, column, expected)
    if expected in CODES:
        assert_problem(response, int(expected[:3]), CODES[expected])
    elif expected == "401":
        code = "credentials_missing" if column == "anon" else "credentials_invalid"
        document = assert_problem(response, 401, code)
        assert document.get("reason") == REASONS.get(column)
    elif expected not in ("202", "204"):
        assert response["Content-Type"] == "application/json"
        assert isinstance(json.loads(response.getvalue()), dict)


def test_what_is_said_to_be_recorded_is_of_a_route_and_of_the_closed_set() -> None:
    assert RECORDED.keys() <= {row[:2] for row in TABLE.rows}
    assert {verb for verbs in RECORDED.values() for verb in verbs} <= set(Verb)


def test_every_act_is_recorded() -> None:
    """A method that changes something leaves an entry; what does not is named here."""
    silent = {("POST", "api-keys/report-leak")}
    acts = {row[:2] for row in TABLE.rows if row[0] != "GET"}

    assert acts - RECORDED.keys() == silent


def test_every_method_of_every_route_has_a_row() -> None:
    assert routes.operations() - {row[:2] for row in TABLE.rows} == set()


def test_every_version_is_asked() -> None:
    versions = {route.path.split("/")[2] for route in api_routes()}

    assert versions == set(VERSIONS)


def test_every_row_is_a_method_of_a_route_and_has_a_recipe() -> None:
    assert {row[:2] for row in TABLE.rows} - routes.operations() == set()
    assert set(TABLE.rows) == set(RECIPES)


def test_every_column_is_a_caller(made: World) -> None:
    assert TABLE.columns == list(dict.fromkeys(TABLE.columns))
    assert set(TABLE.columns) == set(made.principals)


def test_in_every_row_the_honest_request_succeeds_for_somebody() -> None:
    """Else a recipe that is wrong would pass for a refusal."""
    succeeds = {row for row, _, expected in TABLE.cells() if expected.startswith("2")}
    foreign = {row for row in TABLE.rows if row[2] == "foreign"}
    assert set(TABLE.rows) - succeeds == foreign
