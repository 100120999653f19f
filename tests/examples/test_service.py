"""The sample service: one token for many requests, patience where it is asked for."""

import importlib.util
from collections.abc import Callable
from types import ModuleType
from typing import Any

import httpx
import pytest

from config.environment import ROOT


@pytest.fixture(scope="module")
def sample() -> ModuleType:
    path = ROOT / "docs" / "examples" / "service" / "client.py"
    spec = importlib.util.spec_from_file_location("sample_service", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def clock(sample: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the sample reads, and what it slept."""
    now = [1000.0]
    monkeypatch.setattr(sample.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(sample.time, "sleep", lambda seconds: now.append(seconds))
    return now


class Provider:
    """Gives tokens `t1`, `t2`, …; the API answers what it is told, in turn, and then 200."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.used: list[str] = []
        self.answers: list[httpx.Response] = []
        self.token_answers: list[httpx.Response] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/oauth/token":
            self.used.append(request.headers["Authorization"])
            return self.answers.pop(0) if self.answers else httpx.Response(200, json={})
        self.asked.append(request)
        if self.token_answers:
            return self.token_answers.pop(0)
        token = {"access_token": f"t{len(self.asked)}", "expires_in": 600}
        return httpx.Response(200, json=token)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def api(sample: ModuleType, provider: Provider, clock: list[float]) -> Callable[..., Any]:
    transport = httpx.MockTransport(provider)
    made = sample.Gatehouse("https://x", "id", "secret", "read", transport=transport)
    return made.get


def test_one_token_serves_until_shortly_before_its_end(api, provider: Provider, clock: list):
    for moment in (1000, 1300, 1569):
        clock[0] = moment
        api("listings")
    assert len(provider.asked) == 1
    clock[0] = 1571
    api("listings")
    assert provider.used == ["Bearer t1"] * 3 + ["Bearer t2"]


def test_the_secret_travels_in_the_header(api, provider: Provider):
    api("me")
    (asked,) = provider.asked
    assert asked.headers["Authorization"].startswith("Basic ")
    assert asked.content == b"grant_type=client_credentials&scope=read"
    assert not asked.url.query


def test_a_refused_token_is_replaced_once(api, provider: Provider):
    provider.answers = [httpx.Response(401)]
    assert api("me").status_code == 200
    assert provider.used == ["Bearer t1", "Bearer t2"]
    provider.answers = [httpx.Response(401), httpx.Response(401)]
    assert api("me").status_code == 401
    assert len(provider.asked) == 3


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_it_is_told(api, provider: Provider, clock: list, status: int):
    provider.answers = [httpx.Response(status, headers={"Retry-After": "7"})]
    assert api("listings").status_code == 200
    assert clock[1:] == [7]


def test_it_waits_for_a_token_too(api, provider: Provider, clock: list):
    provider.token_answers = [httpx.Response(429, headers={"Retry-After": "2"})]
    assert api("listings").status_code == 200
    assert clock[1:] == [2]


@pytest.mark.parametrize("wait", ["", "3600", "Fri, 31 Dec 1999 23:59:59 GMT"])
def test_it_does_not_wait_for_long_nor_without_a_word(api, provider, clock: list, wait: str):
    provider.answers = [httpx.Response(429, headers={"Retry-After": wait})]
    assert api("listings").status_code == 429
    assert clock[1:] == []


def test_it_gives_up(api, provider: Provider, clock: list):
    provider.answers = [httpx.Response(503, headers={"Retry-After": "1"})] * 9
    assert api("listings").status_code == 503
    assert len(clock[1:]) == 3


def test_a_client_that_is_refused_says_so(api, provider: Provider):
    provider.token_answers = [httpx.Response(401, json={"error": "invalid_client"})]
    with pytest.raises(httpx.HTTPStatusError):
        api("listings")
