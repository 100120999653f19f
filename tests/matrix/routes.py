"""The routes as the table names them, from the URLconf itself."""

import re
from uuid import uuid4

from apps.access.checks import Route, api_routes

_PARAMETER = re.compile(r"<\w+:(\w+)>")


def name(route: Route) -> str:
    """`/api/v2/listings/<uuid:listing_id>` → `listings/{listing_id}`; v1 stays."""
    return _PARAMETER.sub(r"{\1}", route.path.removeprefix("/api/").removeprefix("v2/"))


def some_path(route: Route) -> str:
    """A path of this route, to an object that does not exist."""
    return _PARAMETER.sub(lambda _: str(uuid4()), route.path)


def operations() -> set[tuple[str, str]]:
    """Every method of every route below /api."""
    return {(method, name(route)) for route in api_routes() for method in route.view.operations()}
