"""How often a client may ask, who may use up its asking, and what a wrong secret costs."""

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as RedisDown

from apps.ratelimits import guards
from tests import tokens

pytestmark = pytest.mark.django_db
ALONE = {"grant_type": "client_credentials"}


@pytest.fixture
def _one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute in which the test began does not end."""
    began = time.time()
    monkeypatch.setattr("django_ratelimit.core.time.time", lambda: began)


def from_(address: str, of: Any, secret: str) -> Any:
    headers = {"authorization": tokens.basic(of, secret), "x-forwarded-for": address}
    return tokens.post("token", ALONE, remote="10.0.0.1", **headers)


@pytest.mark.usefixtures("_one_window")
def test_a_client_asks_sixty_times_a_minute_from_wherever_it_is() -> None:
    of, secret = tokens.service()
    for number in range(60):
        assert from_(f"198.51.100.{number}", of, secret).status_code == 200
    late = from_("198.51.100.99", of, secret)

    assert late.status_code == 429
    assert late.json()["error"] == "temporarily_unavailable"
    assert int(late["Retry-After"]) >= 1
    assert late["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("_one_window")
def test_a_stranger_cannot_use_up_what_a_client_may_ask() -> None:
    of, secret = tokens.service()
    for number in range(75):
        stranger = from_(f"203.0.113.{number % 3}", of, "wrong")
        assert stranger.status_code == 401
    assert from_("198.51.100.1", of, secret).status_code == 200


def test_whoever_guesses_secrets_is_penalized() -> None:
    of, _ = tokens.service()
    names = [of, *(tokens.service()[0] for _ in range(3))]
    statuses = [from_("203.0.113.9", names[n % 4], f"wrong{n}").status_code for n in range(40)]

    assert statuses[0] == 401 and statuses[-1] == 429
    # The penalty is on the address, wherever it asks next.
    here = Client().get(
        "/api/v2/listings", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "203.0.113.9"}
    )
    assert here.json()["code"] == "penalized"


def test_without_a_count_the_token_endpoint_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object, **__: object) -> None:
        raise RedisDown

    monkeypatch.setattr(guards, "get_usage", down)
    of, secret = tokens.service()
    response = tokens.ask(of, secret, ALONE)

    assert response.status_code == 503
    assert response.json()["error"] == "temporarily_unavailable"
    assert response["Retry-After"]
    cache.clear()
