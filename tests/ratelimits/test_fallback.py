"""The fallback: a request is always counted, and a dead Redis delays few."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.ratelimits.charges import Charge
from apps.ratelimits.fallback import FallbackStore
from apps.ratelimits.memory import MemoryStore
from apps.ratelimits.penalties import Rules
from apps.ratelimits.policies import POLICIES, Policy
from apps.ratelimits.redis_store import RedisStore
from deploy.edge.ports import free_port

from .relay import Relay

RULES = Rules.of_seconds((60, 300, 1_800, 86_400), 86_400)
SLOW = Policy("slow", quota=60, window=86_400, burst=60)


class Clock:
    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def closed_port():
    return free_port()


def fallback_at(url, clock):
    return FallbackStore(RedisStore(url, RULES), MemoryStore(RULES), clock=clock)


def warnings(caplog):
    return [r for r in caplog.records if r.getMessage() == "limit_store_unavailable"]


def test_without_redis_a_request_is_counted_in_the_process(closed_port, clock, caplog):
    store = fallback_at(f"redis://127.0.0.1:{closed_port}", clock)
    allowed = [store.charge([Charge(SLOW, "key")]).decisions[0].allowed for _ in range(100)]
    assert sum(allowed) == 60


def test_an_outage_is_one_line_however_long_it_lasts(closed_port, clock, caplog):
    store = fallback_at(f"redis://127.0.0.1:{closed_port}", clock)
    for _ in range(99):
        store.charge([Charge(POLICIES["free"], "key")])
        clock.now += 0.1
    assert len(warnings(caplog)) == 1
    clock.now += 600
    store.charge([Charge(POLICIES["free"], "key")])
    assert len(warnings(caplog)) == 1


def test_the_warning_names_the_kind_of_error_and_no_address_or_password(closed_port, clock, caplog):
    store = fallback_at(f"redis://user:wordpass@127.0.0.1:{closed_port}", clock)
    store.charge([Charge(POLICIES["address"], "192.0.2.7")])
    (record,) = warnings(caplog)
    assert (record.levelno, record.fields) == (logging.ERROR, {"error": "ConnectionError"})
    assert record.exc_info is None
    said = str(record.__dict__)
    assert not any(word in said for word in ("wordpass", "192.0.2.7", str(closed_port)))


def test_a_dead_redis_is_asked_once_a_second_and_not_by_every_request(clock):
    with Relay() as relay:  # accepts and stays silent: the dearest way to be dead
        store = fallback_at(relay.url, clock)
        for _ in range(200):
            store.charge([Charge(SLOW, "key")])
        assert relay.visits == 1
        clock.now += 0.99
        store.charge([Charge(SLOW, "key")])
        assert relay.visits == 1
        clock.now += 0.01
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(store.charge, [[Charge(SLOW, "key")]] * 10))
        assert relay.visits == 2


def test_a_redis_that_is_back_counts_again_within_a_second(
    redis_url, clock, closed_port, key, caplog
):
    store = fallback_at(f"redis://127.0.0.1:{closed_port}", clock)
    store.charge([Charge(SLOW, key, cost=60)])
    assert not store.charge([Charge(SLOW, key)]).decisions[0].allowed
    with Relay(redis_url, listen=closed_port):
        clock.now += 1
        assert store.charge([Charge(SLOW, key)]).decisions[0].remaining == 59
        assert store.charge([Charge(SLOW, key)]).decisions[0].remaining == 58
    assert [r.getMessage() for r in caplog.records if r.name == "apps.ratelimits.fallback"] == [
        "limit_store_unavailable",
        "limit_store_recovered",
    ]


def test_an_error_that_redis_itself_reports_falls_back_as_well(
    redis_client, redis_url, clock, caplog, key
):
    redis_client.set(f"gh:limit:slow:{key}", "rubbish", px=60_000)
    store = fallback_at(redis_url, clock)
    assert store.charge([Charge(SLOW, key)]).decisions[0].remaining == 59
    (record,) = warnings(caplog)
    assert record.fields == {"error": "ResponseError"}


def test_a_mistake_in_the_code_is_not_taken_for_an_outage(clock, closed_port):
    store = fallback_at(f"redis://127.0.0.1:{closed_port}", clock)
    with pytest.raises(UnicodeEncodeError):
        store.charge([Charge(SLOW, "a key that cannot be sent: \ud800")])
