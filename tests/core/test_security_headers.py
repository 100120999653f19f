"""Security headers on every kind of response, and none that tells or harms."""

import pytest
from django.test import Client

from tests.api import Api

pytestmark = pytest.mark.django_db

PATHS = ["/api/v2/listings", "/api/v2/me", "/api/v2/nowhere", "/nowhere", "/healthz", "/readyz"]
PATHS += ["/accounts/login/", "/static/nowhere.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_carries_them(path: str) -> None:
    response = Client().get(path)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    # A page's own forms need their origin told to themselves (PAGE_REFERRER).
    is_page = response["Content-Type"].startswith("text/html")
    assert response["Referrer-Policy"] == ("same-origin" if is_page else "no-referrer")
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("path", PATHS)
def test_no_response_carries_what_is_obsolete_or_tells_too_much(path: str) -> None:
    response = Client().get(path)

    assert not {"X-XSS-Protection", "Server", "X-Powered-By"} & set(response.headers)
    # TLS has one owner, the edge.
    assert "Strict-Transport-Security" not in response.headers


def test_data_may_load_nothing_and_a_page_only_our_own() -> None:
    data = Api().get("listings")["Content-Security-Policy"]
    page = Client().get("/accounts/login/")["Content-Security-Policy"]

    assert data == "default-src 'none'; frame-ancestors 'none'"
    assert "script-src 'self'" in page
    assert "unsafe" not in page and "*" not in page


def test_the_api_sets_no_cookie_and_reads_none() -> None:
    client = Client(raise_request_exception=False)
    client.cookies["session"] = "x" * 32
    for path in ("/api/v2/listings", "/api/v2/me", "/api/v2/nowhere"):
        response = client.get(path)
        assert not response.cookies
        assert not hasattr(response.wsgi_request, "session")
        assert "Cookie" not in response["Vary"]
