"""System checks: no route is served without a declaration, and none without a limit."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

from apps.core.pages import API_PREFIX

from .charges import charges
from .credential import ANONYMOUS, Credential, Kind, Tier
from .endpoint import Endpoint
from .operation import Limit, Operation
from .page_limits import policy_of


@dataclass(frozen=True, slots=True)
class Route:
    """One URL pattern, and the class that serves it (None: not a class-based view)."""

    path: str
    view: type | None


def api_routes() -> list[Route]:
    """Every route below /api, read from the URLconf itself."""
    return [route for route in _walk(get_resolver(), "/") if route.path.startswith(API_PREFIX)]


def page_routes() -> list[Route]:
    """Every other route."""
    return [route for route in _walk(get_resolver(), "/") if not route.path.startswith(API_PREFIX)]


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            view = getattr(entry.callback, "cls", getattr(entry.callback, "view_class", None))
            yield Route(path, view)
        else:
            yield from _walk(entry, path)


@checks.register(checks.Tags.security)
def every_route_declares(app_configs: object, **_: object) -> list[checks.Error]:
    """access.E001: not an Endpoint. access.E002: an Endpoint that serves no method."""
    found = []
    for route in api_routes():
        if route.view is None or not issubclass(route.view, Endpoint):
            found.append(
                checks.Error(
                    f"{route.path} declares neither scope nor limit.",
                    hint="Make it an apps.access.endpoint.Endpoint with @operation handlers.",
                    id="access.E001",
                )
            )
        elif not route.view.operations():
            found.append(
                checks.Error(
                    f"{route.path} serves no method.",
                    hint="Declare a handler with @operation, or remove the route.",
                    id="access.E002",
                )
            )
    return found


@checks.register(checks.Tags.security)
def every_route_is_limited(app_configs: object, **_: object) -> list[checks.Error]:
    """access.E003: a page without a policy. E004: an operation that cannot be charged.

    access.E005: the middleware that charges is not there.
    """
    found = [
        checks.Error(
            f"{route.path} has no rate policy.",
            hint="Name one for its first segment in apps/access/page_limits.py.",
            id="access.E003",
        )
        for route in page_routes()
        if policy_of(route.path) is None
    ]
    for route in api_routes():
        operations = getattr(route.view, "operations", dict)()
        found += [
            checks.Error(
                f"{method} {route.path}: {wrong}.",
                hint="Declare a member of Limit, and a cost within the burst of every policy.",
                id="access.E004",
            )
            for method, operation in operations.items()
            if (wrong := _uncharged(operation))
        ]
    for needed in ("apps.access.gate.Gate", "apps.access.page_limits.PageLimits"):
        if needed not in settings.MIDDLEWARE:
            found.append(
                checks.Error(
                    f"MIDDLEWARE lacks {needed}: nothing would be limited.",
                    hint="Put it back where config/settings.py has it.",
                    id="access.E005",
                )
            )
    return found


def _uncharged(operation: Operation) -> str:
    """Why a request to this operation could not be charged; nothing where it can."""
    if not isinstance(operation.limit, Limit):
        return f"{operation.limit!r} is no limit"
    callers = [Credential(kind=Kind.API_KEY, id="any", tier=tier) for tier in Tier]
    if operation.anonymous:
        callers.append(ANONYMOUS)
    try:
        for caller in callers:
            charges(caller, operation.limit, "192.0.2.1", operation.cost)
    except (KeyError, ValueError) as mistake:
        return str(mistake)
    return ""
