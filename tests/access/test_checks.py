"""A view below /api that declares nothing cannot be served."""

from collections.abc import Iterator

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from rest_framework.views import APIView

from apps.access.checks import api_routes, every_route_declares, every_route_is_limited, page_routes
from apps.access.endpoint import Endpoint
from apps.access.operation import Limit, operation
from apps.agencies.roles import EVERYONE
from apps.core.data_classes import DataClass


class Bare(APIView):
    def get(self, request: object) -> HttpResponse:
        return HttpResponse("served")


class Mute(Endpoint):
    """Serves no method."""


def function(request: object) -> HttpResponse:
    return HttpResponse("served")


class Urls:
    """A URLconf with one more route."""

    def __init__(self, view: object, prefix: str = "api/v9/") -> None:
        self.urlpatterns = [path(prefix, include([path("extra/<int:n>", view)]))]


def made(**declared: object) -> object:
    """A view whose one operation declares this besides what it must."""
    usual = {"scope": None, "roles": EVERYONE, "permits": None, "exposes": DataClass.PUBLIC}

    class Made(Endpoint):
        @operation(**usual, **{"limit": Limit.DEFAULT, **declared})
        def get(self, call: object) -> HttpResponse:
            """Serve"""
            return HttpResponse("served")

    return Made.as_view()


def found_in(urls: Urls) -> list[tuple[str, str]]:
    with override_settings(ROOT_URLCONF=urls):
        return [(error.id, error.msg) for error in every_route_is_limited(None)]


@pytest.fixture
def served(request: pytest.FixtureRequest) -> Iterator[None]:
    with override_settings(ROOT_URLCONF=Urls(request.param)):
        yield


def test_every_real_route_declares() -> None:
    assert every_route_declares(None) == []
    assert len(api_routes()) >= 15


@pytest.mark.parametrize(
    ("served", "found"),
    [
        (function, "access.E001"),
        (Bare.as_view(), "access.E001"),
        (Mute.as_view(), "access.E002"),
    ],
    indirect=["served"],
    ids=["a function", "a plain DRF view", "an endpoint without methods"],
)
@pytest.mark.usefixtures("served")
def test_a_route_that_declares_nothing_fails_the_check(found: str) -> None:
    errors = [error for error in run_checks() if error.id.startswith("access.")]

    assert [error.id for error in errors] == [found]
    assert "/api/v9/extra/<int:n>" in errors[0].msg


@pytest.mark.django_db
@pytest.mark.parametrize("served", [function, Bare.as_view()], indirect=True, ids=["fn", "view"])
@pytest.mark.usefixtures("served")
def test_and_if_the_check_is_skipped_it_still_is_not_served() -> None:
    response = Client(raise_request_exception=False).get("/api/v9/extra/1")

    assert response.status_code == 500
    assert b"served" not in response.content


def test_a_handler_without_a_declaration_cannot_even_be_written() -> None:
    with pytest.raises(ImproperlyConfigured):

        class Forgetful(Endpoint):
            def get(self, call: object) -> HttpResponse:
                return HttpResponse("served")


def test_every_real_route_has_a_limit() -> None:
    assert every_route_is_limited(None) == []
    assert len(page_routes()) >= 10


def test_a_page_whose_route_names_no_policy_fails_the_check() -> None:
    ((number, said),) = found_in(Urls(function, "forgotten/"))

    assert (number, "/forgotten/extra/<int:n>" in said) == ("access.E003", True)
    assert found_in(Urls(function, "docs/")) == []


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        ({"limit": "none"}, "'none' is no limit"),
        ({"limit": None}, "None is no limit"),
        ({"cost": 0}, "can never pass"),
        ({"cost": 121}, "policy free: a cost of 121 can never pass"),
        ({"cost": 61, "anonymous": True}, "policy anonymous: a cost of 61 can never pass"),
    ],
)
def test_an_operation_that_cannot_be_charged_fails_the_check(declared: dict, why: str) -> None:
    ((number, said),) = found_in(Urls(made(**declared)))

    assert number == "access.E004"
    assert said.startswith("GET /api/v9/extra/<int:n>") and why in said
    assert found_in(Urls(made(cost=60, anonymous=True))) == []


@pytest.mark.parametrize("name", ["apps.access.gate.Gate", "apps.access.page_limits.PageLimits"])
def test_middleware_without_its_limits_fails_the_check(name: str, settings: object) -> None:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != name]
    (error,) = every_route_is_limited(None)

    assert (error.id, name in error.msg) == ("access.E005", True)
