"""System checks: nothing below /api is served without a declaration."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

from apps.core.pages import API_PREFIX

from .endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Route:
    """One URL pattern below /api, and the class that serves it (None: not a class-based view)."""

    path: str
    view: type | None


def api_routes() -> list[Route]:
    """Every route below /api, read from the URLconf itself."""
    return [route for route in _walk(get_resolver(), "/") if route.path.startswith(API_PREFIX)]


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
