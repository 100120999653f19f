"""The backend for a frontend: its cookies, its tokens, and requests that come at once.

What it refuses is attacked in apps/workshop/attacks/sample_clients.py.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from apps.workshop.lying_provider import LyingProvider, lying_provider
from apps.workshop.samples import Browser, backend

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def scene() -> Iterator[tuple[LyingProvider, str]]:
    with lying_provider() as provider, backend(provider.issuer) as url:
        yield provider, url


@pytest.fixture
def provider(scene: tuple[LyingProvider, str]) -> LyingProvider:
    scene[0].expires_in, scene[0].waits_for = 600, None
    scene[0].refresh_tokens.clear()
    scene[0].revoked.clear()
    return scene[0]


@pytest.fixture
def ana(scene: tuple[LyingProvider, str]) -> Browser:
    return Browser(scene[1])


def signs_in(browser: Browser, provider: LyingProvider) -> None:
    answer = provider.agrees(browser.get("/login").headers["Location"])
    assert browser.get("/callback", answer).headers["Location"] == "/"


def test_the_browser_holds_a_number_and_no_token(ana: Browser, provider: LyingProvider):
    signs_in(ana, provider)
    page = ana.get("/")
    assert set(ana.cookies) == {"__Host-frontend-session", "__Host-frontend-csrf"}
    held = " ".join(ana.cookies.values()) + page.text + ana.get("/page.js").text
    given = [*provider.refresh_tokens]
    assert given and not any(token in held for token in given)


def test_cookies_are_for_this_host_over_tls(ana: Browser):
    for path in ("/", "/login"):
        for line in ana.get(path).headers.get_list("Set-Cookie"):
            flags = {flag.strip() for flag in line.split(";")[1:]}
            assert line.startswith("__Host-")
            assert {"Secure", "SameSite=Lax", "Path=/"} <= flags
            assert "Domain" not in line
            assert ("HttpOnly" in flags) == line.startswith("__Host-frontend-session=")


@pytest.mark.parametrize("path", ["/", "/page.js", "/login", "/callback", "/api/me"])
def test_nothing_is_cached_framed_or_told_to_others(ana: Browser, path: str):
    headers = ana.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_without_a_session_nothing_is_asked(ana: Browser, provider: LyingProvider):
    assert ana.get("/api/me").status_code == 401


def test_requests_at_once_refresh_once(ana: Browser, provider: LyingProvider):
    """The second would replay a token, and the provider would end the family."""
    provider.expires_in = 1
    signs_in(ana, provider)
    provider.waits_for = Barrier(2, timeout=0.5)  # breaks: the second never comes
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda _: ana.get("/api/me").status_code, range(6)))
    assert statuses == [200] * 6
    assert list(provider.refresh_tokens.values()) == [False, True]


def test_a_refused_refresh_ends_the_session(ana: Browser, provider: LyingProvider):
    provider.expires_in = 1
    signs_in(ana, provider)
    provider.refresh_tokens.clear()
    assert [ana.get("/api/me").status_code for _ in range(2)] == [401, 401]


def test_signing_out_revokes_the_refresh_token(ana: Browser, provider: LyingProvider):
    signs_in(ana, provider)
    ana.get("/")
    before = dict(ana.cookies)
    token = {"X-CSRFToken": ana.cookies["__Host-frontend-csrf"]}
    assert ana.send("POST", "/logout", headers=token).status_code == 204
    assert provider.revoked == [*provider.refresh_tokens]
    ana.cookies = before
    assert not ana.is_signed_in()


def test_a_provider_that_refuses_signs_nobody_in(ana: Browser, provider: LyingProvider):
    asked = ana.get("/login").headers["Location"]
    answer = provider.agrees(asked, code=None, error="access_denied")
    assert ana.get("/callback", answer).status_code == 400
    assert not ana.is_signed_in()
