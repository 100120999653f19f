"""Deny by default (API5): views that declare neither scope, roles nor limit."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, works
from apps.workshop.run import Run

_URLCONF = "config.forgotten_urls"


def undeclared_view(run: Run) -> Iterator[Attempt]:
    """Write a view whose handler declares no operation."""
    run.needs_code()
    from rest_framework.views import APIView

    from apps.access.endpoint import Endpoint

    class Inherited(APIView):
        get = _leak

    for what, bases, members in (
        ("a plain GET handler", (Endpoint,), {"get": _leak}),
        ("a plain DELETE handler", (Endpoint,), {"delete": _leak}),
        ("a handler inherited from another view", (Inherited, Endpoint), {}),
    ):
        refusal = _refusal(lambda b=bases, m=members: type("Forgotten", b, m))
        yield judged(
            what,
            stopped=refusal == "ImproperlyConfigured",
            succeeded=not refusal,
            evidence=refusal or "the class exists",
        )


def bare_view_checked(run: Run) -> Iterator[Attempt]:
    """Route a view that is no Endpoint below /api, and start the service."""
    run.needs_code()
    for what, view in _bare_views():
        found = _with_route(view, _security_errors, run.version.path("forgotten"))
        yield judged(
            what,
            stopped="access.E001" in found,
            succeeded=not found,
            evidence=" ".join(found) or "no check speaks",
        )


def bare_view_served(run: Run) -> Iterator[Attempt]:
    """Call a view that is no Endpoint, where nobody ran the checks."""
    run.needs_code()
    for what, view in _bare_views():
        route = run.version.path("forgotten")
        answer = _with_route(view, lambda route=route: run.anonymous.get(route), route)
        yield judged(
            what,
            stopped=answer.status == 500 and answer.code == "internal_error",
            succeeded=answer.status == 200,
            evidence=answer.summary,
        )


def unlimited_page(run: Run) -> Iterator[Attempt]:
    """Route a page that nobody gave a limit, and start the service."""
    run.needs_code()
    for what, view in _bare_views()[:2]:
        found = _with_route(view, _security_errors, "forgotten/page")
        yield judged(
            what,
            stopped="access.E003" in found,
            succeeded=not found,
            evidence=" ".join(found) or "no check speaks",
        )


def every_route_declared(run: Run) -> None:
    """The routes that exist pass the checks and are served."""
    run.needs_code()
    if found := _security_errors():
        raise HonestUseBroken(f"system checks: {' '.join(found)}")
    works(run.anonymous.get("listings?limit=1"))


def _leak(*_: Any, **__: Any) -> Any:
    from django.http import HttpResponse

    return HttpResponse("served to anyone")


def _bare_views() -> list[tuple[str, Callable]]:
    from django.views import View
    from rest_framework.views import APIView

    members = {"get": _leak}
    return [
        ("a function", _leak),
        ("a class of Django", type("Bare", (View,), members).as_view()),
        ("a class of the REST framework", type("Bare", (APIView,), members).as_view()),
    ]


def _refusal(act: Callable[[], object]) -> str:
    try:
        act()
    except Exception as refused:  # whatever it is, its name is the evidence
        return type(refused).__name__
    return ""


def _security_errors() -> list[str]:
    from django.core import checks

    found = checks.run_checks(tags=[checks.Tags.security])
    return sorted({message.id for message in found if message.level >= checks.ERROR})


def _with_route(view: Callable, act: Callable[[], Any], route: str) -> Any:
    """What `act` gives while the view has a route, in a URLconf that is gone afterwards."""
    from django.conf import settings
    from django.test import override_settings
    from django.urls import include, path

    module = ModuleType(_URLCONF)
    own = import_module(settings.ROOT_URLCONF)
    module.handler404, module.handler500 = own.handler404, own.handler500
    module.urlpatterns = [path(route.lstrip("/"), view), path("", include(settings.ROOT_URLCONF))]
    sys.modules[_URLCONF] = module
    try:
        with override_settings(ROOT_URLCONF=_URLCONF):
            return act()
    finally:
        del sys.modules[_URLCONF]
