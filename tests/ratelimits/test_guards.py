"""Guards: five flows, by account and by address, and closed when nobody can count."""

import time
from types import SimpleNamespace

import pytest
from django_ratelimit import core
from hypothesis import given
from hypothesis import strategies as st

from apps.core.problems import Code, Problem
from apps.ratelimits.guards import Flow, _hashed, failed, forgive, guard
from apps.ratelimits.limiter import Subject, penalize
from deploy.edge.ports import free_port

from .relay import Relay

pytestmark = pytest.mark.django_db

HERE = "198.51.100.7"


def refusal(flow: Flow, account: str = "a@example.com", address: str = HERE) -> Problem | None:
    try:
        guard(flow, account, address)
    except Problem as refused:
        return refused
    return None


def tries(flow: Flow, *, most: int, accounts: str = "a@example.com", addresses: str = HERE) -> int:
    """How many pass before the first refusal; `{}` is the number of the try."""
    for number in range(most):
        if refusal(flow, accounts.format(number), addresses.format(number)):
            return number
    return most


@pytest.mark.parametrize("flow", [Flow.LOGIN, Flow.REGISTRATION, Flow.RESET])
def test_a_form_is_tried_five_times_for_an_account_and_thirty_from_an_address(flow):
    assert tries(flow, most=9, addresses="203.0.113.{}") == 5
    assert tries(flow, most=99, accounts="{}@example.com") == 30


def test_tokens_are_asked_for_sixty_times_by_a_client_and_three_hundred_from_an_address(clock):
    assert tries(Flow.TOKEN, most=99, accounts="client", addresses="203.0.113.{}") == 60
    assert tries(Flow.TOKEN, most=999, accounts="client-{}") == 300


def test_one_flow_does_not_use_up_another():
    assert tries(Flow.LOGIN, most=9) == 5
    assert refusal(Flow.RESET) is None


def test_a_refusal_says_when_to_come_back():
    tries(Flow.LOGIN, most=9)
    refused = refusal(Flow.LOGIN)
    assert refused.code is Code.RATE_LIMITED
    assert 1 <= int(refused.headers["Retry-After"]) <= 900


def test_an_address_that_is_refused_uses_up_nobodys_account():
    tries(Flow.LOGIN, most=99, accounts="{}@example.com")
    for _ in range(20):
        assert refusal(Flow.LOGIN, "victim@example.com")
    assert refusal(Flow.LOGIN, "victim@example.com", "203.0.113.9") is None


@pytest.mark.parametrize(
    "sibling", ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:0DB8:1:2:0:0:0:3"]
)
def test_a_subscriber_is_one_address_however_many_are_held(sibling):
    tries(Flow.RESET, most=30, accounts="{}@example.com", addresses="2001:db8:1:2::{}")
    assert refusal(Flow.RESET, "another@example.com", sibling)


@pytest.mark.parametrize("address", ["", "nonsense", "1.2.3.4, 5.6.7.8", "\x00"])
def test_what_is_no_address_is_counted_as_one_and_raises_nothing_else(address):
    assert tries(Flow.RESET, most=99, accounts="{}@example.com", addresses=address) == 30


@given(st.text(max_size=300))
def test_no_account_text_raises_and_its_hash_does_not_show_it(text):
    assert len(_hashed(text)) == 32
    assert _hashed(f" {text.lower()}\t") == _hashed(text.lower())


def test_whoever_is_penalized_is_refused_before_anything_is_counted():
    penalize(Subject(HERE, 101))
    assert refusal(Flow.LOGIN).code is Code.PENALIZED
    assert int(refusal(Flow.LOGIN).headers["Retry-After"]) >= 1
    assert refusal(Flow.LOGIN, address="203.0.113.9") is None
    for number in range(4):
        assert refusal(Flow.LOGIN, address=f"203.0.113.{number}") is None
    assert refusal(Flow.LOGIN, address="203.0.113.10")


def test_wrong_guesses_lead_to_a_penalty_and_right_ones_do_not():
    for _ in range(33):
        failed(Flow.LOGIN, HERE)
    assert refusal(Flow.LOGIN) is None
    failed(Flow.LOGIN, HERE)
    assert refusal(Flow.LOGIN).code is Code.PENALIZED


def wrong(times: int, account: str = "a@example.com", flow: Flow = Flow.LOGIN) -> None:
    """So many wrong guesses, each from an address of its own."""
    for number in range(times):
        failed(flow, f"192.0.2.{number}", account)


def waits(account: str = "a@example.com", flow: Flow = Flow.LOGIN) -> int:
    """Seconds that the account is told to wait; 0 where it may try."""
    refused = refusal(flow, account, "203.0.113.77")
    return int(refused.headers["Retry-After"]) if refused else 0


@pytest.fixture
def clock(monkeypatch, settings):
    """The library's clock, set to an hour in which no window of this account ends soon."""
    settings.SECRET_KEY = "the same hash, and so the same windows, in every run of this test"
    now = SimpleNamespace(seconds=1_900_000_000)
    monkeypatch.setattr(core, "time", SimpleNamespace(time=lambda: now.seconds))
    return now


@pytest.mark.parametrize("flow", [Flow.LOGIN, Flow.CONFIRMATION])
def test_whoever_goes_on_guessing_at_an_account_waits_longer_and_never_for_ever(flow, clock):
    wrong(9, flow=flow)
    assert waits(flow=flow) == 0
    wrong(1, flow=flow)
    first = waits(flow=flow)
    assert 0 < first <= 3_600
    clock.seconds += first + 1
    assert waits(flow=flow) == 0
    wrong(10, flow=flow)
    clock.seconds += 3_601
    second = waits(flow=flow)
    assert 3_600 < second <= 86_400
    clock.seconds += second + 1
    assert waits(flow=flow) == 0


def test_wrong_guesses_at_one_account_are_no_wait_for_another_nor_for_another_flow():
    wrong(20)
    assert waits("other@example.com") == 0
    assert waits(flow=Flow.CONFIRMATION) == 0
    assert waits(" A@Example.com ") > 0


def test_who_proves_to_hold_the_mailbox_waits_no_longer():
    wrong(20)
    tries(Flow.LOGIN, most=9, addresses="203.0.113.{}")
    wrong(20, flow=Flow.CONFIRMATION)
    forgive(Flow.LOGIN, "a@example.com")
    assert waits() == 0
    assert waits(flow=Flow.CONFIRMATION) > 0
    wrong(10)
    assert waits() > 0


@pytest.mark.parametrize("flow", Flow)
def test_where_nobody_can_count_every_flow_is_closed(flow, settings):
    port = free_port()
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}",
        }
    }
    refused = refusal(flow)
    assert (refused.code, refused.headers) == (Code.UNAVAILABLE, {"Retry-After": "1"})


def test_a_silent_store_closes_a_flow_within_seconds(settings):
    with Relay() as relay:  # accepts and never answers
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": relay.url,
                "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
            }
        }
        asked_at = time.monotonic()
        assert refusal(Flow.LOGIN).code is Code.UNAVAILABLE
        assert time.monotonic() - asked_at < 2
        assert relay.visits <= 2
