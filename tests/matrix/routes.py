"""The routes as the table names them, from the URLconf itself."""

import re
from uuid import uuid4

from apps.access.checks import Route, api_routes

_VERSION = re.compile(r"^/api/v\d+/")
_PARAMETER = re.compile(r"<\w+:(\w+)>")


def name(route: Route) -> str:
    """`/api/v2/listings/<uuid:listing_id>` → `listings/{listing_id}`, in every version."""
    return _PARAMETER.sub(r"{\1}", _VERSION.sub("", route.path))


def some_path(route: Route) -> str:
    """A path of this route, to an object that does not exist."""
    return _PARAMETER.sub(lambda _: str(uuid4()), route.path)


def operations(version: str = "") -> set[tuple[str, str]]:
    """Every method of every route below /api, or below /api/`version`."""
    return {
        (method, name(route))
        for route in api_routes()
        if route.path.startswith(f"/api/{version}")
        for method in route.view.operations()
    }
