"""Methods that a route does not declare, OPTIONS and HEAD."""

import pytest

from apps.access.checks import Route, api_routes
from tests.api import assert_problem

from . import routes, table
from .recipes import RECIPES
from .world import World

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PURGE", "FIND")
ROUTES = api_routes()


def declared(route: Route) -> set[str]:
    methods = set(route.view.operations())
    return methods | {"HEAD"} if "GET" in methods else methods


UNDECLARED = [
    pytest.param(route, method, id=f"{method} {route.path.removeprefix('/api/')}")
    for route in ROUTES
    for method in METHODS
    if method not in declared(route)
]
by_route = pytest.mark.parametrize(
    "route", ROUTES, ids=lambda route: route.path.removeprefix("/api/")
)


@pytest.mark.parametrize(("route", "method"), UNDECLARED)
def test_an_undeclared_method_answers_405_and_says_what_is_allowed(
    made: World, route: Route, method: str
) -> None:
    response = made.principals["manager"].api.send(method, routes.some_path(route))

    assert response.status_code == 405
    assert_allows(response, route)


@pytest.mark.parametrize(("route", "method"), UNDECLARED)
def test_an_undeclared_method_tells_a_stranger_nothing_that_a_declared_one_would_not(
    made: World, route: Route, method: str
) -> None:
    response = made.principals["anon"].api.send(method, routes.some_path(route))

    if any(operation.anonymous for operation in route.view.operations().values()):
        assert response.status_code == 405
    else:
        assert response.status_code == 401


@by_route
@pytest.mark.parametrize("caller", ["anon", "manager"])
def test_plain_options_answers_204_with_allow(made: World, route: Route, caller: str) -> None:
    response = made.principals[caller].api.send("OPTIONS", routes.some_path(route))

    assert (response.status_code, response.content) == (204, b"")
    assert_allows(response, route)


@by_route
def test_options_with_a_dead_key_is_refused(made: World, route: Route) -> None:
    response = made.principals["revoked"].api.send("OPTIONS", routes.some_path(route))

    assert_problem(response, 401, "credentials_invalid")


@pytest.mark.parametrize("row", [row for row in table.read().rows if row[0] == "GET"], ids=str)
@pytest.mark.parametrize("caller", ["anon", "manager", "rival", "m.w:o", "revoked"])
def test_head_is_get_without_the_body(made: World, row: table.Row, caller: str) -> None:
    principal = made.principals[caller]
    path = RECIPES[row](made, principal).path
    get, head = (principal.api.send(method, path) for method in ("GET", "HEAD"))

    assert (head.status_code, head.getvalue()) == (get.status_code, b"")
    assert {name for name, _ in head.items()} == {name for name, _ in get.items()}


@pytest.mark.parametrize("row", [row for row in table.read().rows if row[0] == "GET"], ids=str)
def test_a_method_is_not_overridden_by_a_header(made: World, row: table.Row) -> None:
    principal = made.principals["manager"]
    path = RECIPES[row](made, principal).path

    for _ in range(2):
        response = principal.api.get(path, x_http_method_override="DELETE")
        assert response.status_code == int(table.read().rows[row]["manager"].rstrip("sf"))


def assert_allows(response: object, route: Route) -> None:
    allowed = response["Allow"].split(", ")
    assert set(allowed) == set(route.view.operations()) | {"OPTIONS"}
    assert len(allowed) == len(set(allowed))
