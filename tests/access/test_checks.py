"""A view below /api that declares nothing cannot be served."""

from collections.abc import Iterator

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from rest_framework.views import APIView

from apps.access.checks import api_routes, every_route_declares
from apps.access.endpoint import Endpoint


class Bare(APIView):
    def get(self, request: object) -> HttpResponse:
        return HttpResponse("served")


class Mute(Endpoint):
    """Serves no method."""


def function(request: object) -> HttpResponse:
    return HttpResponse("served")


class Urls:
    """A URLconf with one more route below /api."""

    def __init__(self, view: object) -> None:
        self.urlpatterns = [path("api/v9/", include([path("extra/<int:n>", view)]))]


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
