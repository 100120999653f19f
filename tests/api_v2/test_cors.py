"""Cross-origin requests: an allow-list, no credentials, and nothing reflected."""

import pytest
from django.http import HttpResponse

from tests.api import Api

pytestmark = pytest.mark.django_db

ALLOWED = ["https://app.example.com", "https://a.partner.example", "https://a-1.partner.example"]
REFUSED = [
    "https://evil.example",
    "http://app.example.com",
    "https://app.example.com.evil.example",
    "https://app.example.com:8443",
    "https://evil-app.example.com",
    "https://sub.app.example.com",
    "https://xpartner.example",
    "https://a.b.partner.example",
    "https://a.partner.example.evil.example",
    "https://a.partner.example\n",
    "https://APP.example.com/",
    "null",
    "*",
    "",
    "file://",
]
METHODS = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"]
HEADERS = ["accept", "api-version", "authorization", "content-type", "idempotency-key"]
HEADERS += ["if-match", "if-none-match", "x-request-id"]
EXPOSED = {
    *("deprecation", "etag", "idempotent-replayed", "link", "location", "ratelimit"),
    *("ratelimit-policy", "retry-after", "sunset", "x-ratelimit-limit"),
    *("x-ratelimit-remaining", "x-ratelimit-reset", "x-request-id"),
}


def preflight(origin: str, method: str = "GET", path: str = "listings") -> HttpResponse:
    headers = {"origin": origin, "access_control_request_method": method}
    return Api().send("OPTIONS", path, **headers)


def listed(response: HttpResponse, header: str) -> list[str]:
    return sorted(part.strip() for part in response[header].split(","))


@pytest.mark.parametrize("origin", ALLOWED)
def test_an_origin_of_the_list_is_named(origin: str) -> None:
    for response in (Api().get("listings", origin=origin), preflight(origin)):
        assert response["Access-Control-Allow-Origin"] == origin
        assert "origin" in response["Vary"].lower()


@pytest.mark.parametrize("origin", REFUSED, ids=ascii)
def test_any_other_origin_is_not(origin: str) -> None:
    for response in (Api().get("listings", origin=origin), preflight(origin)):
        assert "Access-Control-Allow-Origin" not in response.headers
        assert "origin" in response["Vary"].lower()


@pytest.mark.parametrize("path", ["me", "nowhere", "listings?x=1"])
def test_an_error_can_be_read_by_an_allowed_page(path: str) -> None:
    response = Api().get(path, origin=ALLOWED[0])

    assert response.status_code >= 400
    assert response["Access-Control-Allow-Origin"] == ALLOWED[0]


def test_a_preflight_lists_methods_and_headers_and_is_remembered() -> None:
    response = preflight(ALLOWED[0], "PATCH")

    assert response.status_code in (200, 204)
    assert listed(response, "Access-Control-Allow-Methods") == METHODS
    assert listed(response, "Access-Control-Allow-Headers") == HEADERS
    assert response["Access-Control-Max-Age"] == "7200"
    assert response.content == b""


def test_an_api_key_header_is_not_for_browsers() -> None:
    response = preflight(ALLOWED[0])

    assert "x-api-key" not in listed(response, "Access-Control-Allow-Headers")


def test_a_page_may_read_our_own_headers() -> None:
    response = Api().get("listings", origin=ALLOWED[0])

    assert set(listed(response, "Access-Control-Expose-Headers")) == EXPOSED


@pytest.mark.parametrize("origin", [ALLOWED[0], REFUSED[0]])
def test_no_origin_is_ever_allowed_to_send_cookies(origin: str) -> None:
    for response in (Api().get("listings", origin=origin), preflight(origin)):
        assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize("path", ["/healthz", "/admin/login/"])
def test_pages_take_no_part_in_it(path: str) -> None:
    response = Api().client.get(path, headers={"Origin": ALLOWED[0]})

    assert not [name for name in response.headers if name.lower().startswith("access-control")]
