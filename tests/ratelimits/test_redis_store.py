"""The shared store: one round trip, all or nothing, and no answer of another request.

Time passes here by moving a bucket's stored tat into the past, which is the same and needs no
sleep. The relay stands between store and Redis where round trips or connections are counted.
"""

import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import exceptions, utils

from apps.ratelimits.charges import Charge
from apps.ratelimits.penalties import Record, Rules
from apps.ratelimits.policies import POLICIES, Policy
from apps.ratelimits.redis_store import (
    KEY_PREFIX,
    RECORD_PREFIX,
    SCRIPT,
    SCRIPT_ID,
    RedisStore,
)
from apps.ratelimits.verdicts import Subject, reach

from .relay import Relay

SECOND = 1_000_000
FREE, ADDRESS, SEARCH = POLICIES["free"], POLICIES["address"], POLICIES["search"]
RULES = Rules.of_seconds((60, 300, 1_800, 86_400), 86_400)
SLOW = Policy("slow", quota=60, window=86_400, burst=60)


def elapse(client, charge, microseconds):
    """Let time pass for one bucket."""
    name = KEY_PREFIX + charge.bucket
    client.set(name, int(client.get(name)) - microseconds, keepttl=True)


def elapse_record(client, subject, microseconds):
    """Let time pass for one record; what never was stays so."""
    name = RECORD_PREFIX + subject.key
    if stored := client.get(name):
        moved = [max(int(one) - microseconds, 0) if one != b"0" else 0 for one in stored.split()]
        client.set(name, " ".join(map(str, moved)), keepttl=True)
    return read_record(client, subject)


def read_record(client, subject):
    return Record(*map(int, (client.get(RECORD_PREFIX + subject.key) or b"0 0 0 0").split()))


steps = st.lists(
    st.tuples(
        st.integers(-5 * SECOND, 20 * SECOND) | st.integers(60 * SECOND, 90_000 * SECOND),
        st.dictionaries(st.sampled_from("abc"), st.integers(1, 30), min_size=1),
        st.sampled_from([0, 0, 1, 30, 101]),
    ),
    max_size=12,
)


@given(steps)
@settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_script_does_what_the_pure_function_says(redis_client, redis_store, steps):
    run, model = uuid.uuid4().hex, {}
    for wait, costs, strikes in steps:
        for name in model:
            elapse(redis_client, Charge(SEARCH, run + name), wait)
            model[name] -= wait
        subject = Subject(run, strikes)
        before = elapse_record(redis_client, subject, wait)
        charges = [Charge(SEARCH, run + name, cost) for name, cost in costs.items()]
        now, *found = redis_store.run(charges, subject)
        assert Record(*found[:4]) == before
        assert found[4:] == [
            min(max(model.get(name, now), now), now + SEARCH.capacity) for name in costs
        ]
        tats = [model.get(name) for name in costs]
        outcome = reach(charges, tats, subject, before, now, RULES)
        model |= {n: tat for n, tat in zip(costs, outcome.tats, strict=True) if tat is not None}
        assert read_record(redis_client, subject) == (outcome.record or before)
    for name, tat in model.items():
        assert int(redis_client.get(KEY_PREFIX + Charge(SEARCH, run + name).bucket)) == tat


def test_the_decisions_are_those_of_the_pure_function(redis_store, key):
    charges = [Charge(SLOW, key), Charge(ADDRESS, key, cost=5)]
    assert redis_store.charge(charges).decisions == [
        (SLOW, True, 59, 0, 1440),
        (ADDRESS, True, 2_995, 0, 1),
    ]
    assert redis_store.charge(charges).decisions[0] == (SLOW, True, 58, 0, 2880)


def test_a_refused_bucket_passes_after_its_wait_and_not_before(redis_client, redis_store, key):
    charge = Charge(SLOW, key)
    redis_store.charge([Charge(SLOW, key, cost=60)])
    assert redis_store.charge([charge]).decisions[0][:4] == (SLOW, False, 0, 1_440)
    elapse(redis_client, charge, 1_400 * SECOND)
    assert redis_store.charge([charge]).decisions[0][:4] == (SLOW, False, 0, 40)
    elapse(redis_client, charge, 40 * SECOND)
    assert redis_store.charge([charge]).decisions[0].allowed
    assert not redis_store.charge([charge]).decisions[0].allowed


def test_a_bucket_left_alone_for_ten_days_holds_its_burst_and_no_more(
    redis_client, redis_store, key
):
    charge = Charge(SLOW, key, cost=60)
    redis_store.charge([charge])
    elapse(redis_client, charge, 10 * 86_400 * SECOND)
    assert redis_store.charge([charge]).decisions[0].allowed
    assert not redis_store.charge([Charge(SLOW, key)]).decisions[0].allowed


@pytest.mark.parametrize("refusing_first", [True, False])
def test_one_refusal_leaves_every_bucket_as_it_was(redis_client, redis_store, key, refusing_first):
    refusing, other = Charge(SLOW, key), Charge(ADDRESS, key)
    redis_store.charge([Charge(SLOW, key, cost=60), other])
    names = [KEY_PREFIX + charge.bucket for charge in (refusing, other)]
    before = redis_client.mget(names)
    charges = [refusing, other] if refusing_first else [other, refusing]
    decisions = redis_store.charge(charges).decisions
    assert {decision.policy.name: decision.allowed for decision in decisions} == {
        "slow": False,
        "address": True,
    }
    assert redis_client.mget(names) == before


def test_a_clock_that_stepped_back_locks_nobody_out(redis_client, redis_store, key):
    charge = Charge(SEARCH, key)
    redis_store.charge([charge])
    elapse(redis_client, charge, -10 * 365 * 86_400 * SECOND)
    refusal = redis_store.charge([charge]).decisions[0]
    assert (refusal.allowed, refusal.remaining, refusal.retry_after) == (False, 0, 2)
    elapse(redis_client, charge, 2 * SECOND)
    assert redis_store.charge([charge]).decisions[0].allowed
    assert not redis_store.charge([charge]).decisions[0].allowed


def test_a_key_expires_when_its_bucket_is_full_again_and_not_before(redis_client, redis_store, key):
    charge = Charge(SLOW, key, cost=2)
    redis_store.charge([charge])
    name = KEY_PREFIX + charge.bucket
    expires_at, tat = redis_client.pexpiretime(name) * 1_000, int(redis_client.get(name))
    assert 0 <= expires_at - tat < 1_000


def test_the_name_in_redis_is_the_prefix_the_policy_and_the_key(redis_client, redis_store, key):
    redis_store.charge([Charge(FREE, key)])
    assert redis_client.exists(f"gh:limit:free:{key}")


def test_any_number_of_buckets_is_one_round_trip_on_one_connection(relay, key):
    store = RedisStore(relay.url, RULES)
    store.charge([Charge(FREE, key)])
    before = relay.questions
    for count in (1, 2, 5):
        store.charge([Charge(SLOW, f"{key}{number}") for number in range(count)])
    assert relay.questions - before == 3
    assert relay.visits == 1


def test_a_redis_that_forgot_the_script_learns_it_again(redis_client, relay, key):
    store = RedisStore(relay.url, RULES)
    store.charge([Charge(SLOW, key)])
    redis_client.script_flush()
    assert store.charge([Charge(SLOW, key)]).decisions[0].remaining == 58
    assert redis_client.script_exists(SCRIPT_ID) == [True]
    assert redis_client.script_load(SCRIPT) == SCRIPT_ID
    before = relay.questions
    store.charge([Charge(SLOW, key)])
    assert relay.questions - before == 1


def test_fifty_threads_on_two_stores_together_pass_the_burst_and_not_one_more(
    redis_client, redis_url, key
):
    stores = [RedisStore(redis_url, RULES), RedisStore(redis_url, RULES)]

    def ask(number):
        charges = [Charge(SLOW, key), Charge(ADDRESS, key)]
        return stores[number % 2].charge(charges).decisions[0].allowed

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(ask, range(1_000))) == 60


def test_each_of_many_threads_gets_its_own_answer(redis_store, key):
    def ask(cost):
        return redis_store.charge([Charge(SLOW, f"{key}{cost}", cost)]).decisions[0].remaining

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(ask, range(1, 51))) == [60 - cost for cost in range(1, 51)]


def test_a_connection_closed_by_the_server_is_replaced_without_an_error(relay, key):
    store = RedisStore(relay.url, RULES)
    store.charge([Charge(SLOW, key)])
    relay.slam()
    assert store.charge([Charge(SLOW, key)]).decisions[0].remaining == 58
    assert relay.visits == 2


def test_a_forked_process_does_not_speak_on_its_parents_connection(relay, key):
    store = RedisStore(relay.url, RULES)
    store.charge([Charge(SLOW, key)])
    child = os.fork()
    if child == 0:
        try:
            store.charge([Charge(SLOW, key)])
        finally:  # without the parent's exit handlers
            os._exit(0)
    os.waitpid(child, 0)
    assert store.charge([Charge(SLOW, key)]).decisions[0].remaining == 57
    assert relay.visits == 2


def test_a_bucket_that_holds_rubbish_is_an_error_and_not_a_full_bucket(
    redis_client, redis_store, key
):
    redis_client.set(f"{KEY_PREFIX}free:{key}", "rubbish", px=60_000)
    with pytest.raises(exceptions.ResponseError):
        redis_store.charge([Charge(FREE, key)])


def test_a_silent_redis_is_given_up_within_a_second():
    asked_at = time.monotonic()
    with Relay() as relay, pytest.raises(exceptions.TimeoutError):
        RedisStore(relay.url, RULES).charge([Charge(FREE, "key")])
    assert time.monotonic() - asked_at < 1


def test_an_answer_that_came_too_late_is_never_read_by_the_next_request(relay, key):
    store = RedisStore(relay.url, RULES)
    store.charge([Charge(SLOW, key)])
    relay.hold()
    with pytest.raises(exceptions.TimeoutError):
        store.charge([Charge(SLOW, key, cost=10)])
    relay.release()
    assert store.charge([Charge(ADDRESS, key)]).decisions[0] == (ADDRESS, True, 2_999, 0, 1)
    assert relay.visits == 2


def test_answers_are_parsed_by_hiredis():
    assert utils.HIREDIS_AVAILABLE
