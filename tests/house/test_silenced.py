"""A system check of Django's that we silence is kept by something of ours."""

import pytest
from django.conf import settings
from django.middleware.csrf import CsrfViewMiddleware
from django.test import Client
from django.utils.module_loading import import_string

#: Id → the test below, or the file, that holds what the check asks for.
KEPT_BY = {
    "security.W001": "test_pages_carry_the_headers",
    "security.W002": "test_pages_carry_the_headers",
    "security.W003": "test_forms_are_protected",
    "security.W004": "deploy/nginx (tests/edge)",
    "security.W008": "deploy/nginx (tests/edge)",
    "django_ratelimit.E003": "ratelimits.E001: several workers need Redis (tests/ratelimits)",
    "django_ratelimit.W001": "ratelimits.E001: several workers need Redis (tests/ratelimits)",
}


def test_every_silenced_check_is_accounted_for():
    assert set(settings.SILENCED_SYSTEM_CHECKS) == set(KEPT_BY)


def test_forms_are_protected():
    installed = [import_string(path) for path in settings.MIDDLEWARE]
    assert any(isinstance(one, type) and issubclass(one, CsrfViewMiddleware) for one in installed)


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/login/", {"login": "a", "password": "b"}).status_code == 403


@pytest.mark.django_db
def test_pages_carry_the_headers():
    answer = Client().get("/accounts/login/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
