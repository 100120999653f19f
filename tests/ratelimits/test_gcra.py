"""GCRA: what a token bucket promises, and what a bad clock may not do to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.ratelimits.gcra import decide
from apps.ratelimits.policies import POLICIES, Policy

SECOND = 1_000_000
NOW = 1_700_000_000 * SECOND


@st.composite
def policies(draw):
    quota = draw(st.integers(1, 500))
    window = draw(st.sampled_from([1, 7, 60, 86_400]))
    return Policy("policy", quota=quota, window=window, burst=draw(st.integers(1, quota)))


class Bucket:
    """One bucket and its clock, in microseconds."""

    def __init__(self, policy, now=NOW):
        self.policy, self.now, self.tat = policy, now, None

    def ask(self, cost=1):
        after, decision = decide(self.tat, self.now, self.policy, cost)
        if after is not None:
            self.tat = after
        return decision

    def drain(self):
        """Spend all that can be spent at this moment; return how much it was."""
        count = 0
        while self.ask().allowed:
            count += 1
        return count


@given(policies())
def test_a_full_bucket_gives_exactly_its_burst_at_once(policy):
    assert Bucket(policy).drain() == policy.burst


@given(policies(), st.integers(1, 20))
def test_an_empty_bucket_gives_one_unit_per_interval_and_not_a_microsecond_earlier(policy, units):
    bucket = Bucket(policy)
    bucket.drain()
    for _ in range(units):
        bucket.now += policy.interval - 1
        assert not bucket.ask().allowed
        bucket.now += 1
        assert bucket.ask().allowed
        assert not bucket.ask().allowed


@given(policies(), st.lists(st.tuples(st.integers(0, 30 * SECOND), st.integers(1, 5)), max_size=60))
def test_no_span_of_time_passes_more_than_burst_and_rate(policy, steps):
    bucket = Bucket(policy)
    passed = []
    for wait, cost in steps:
        bucket.now += wait
        if cost <= policy.burst and bucket.ask(cost).allowed:
            passed.append((bucket.now, cost))
    for first, (start, _) in enumerate(passed):
        spent = 0
        for end, cost in passed[first:]:
            spent += cost
            allowance = policy.burst + (end - start) * policy.quota / (policy.window * SECOND)
            assert spent <= allowance + 1e-6


def test_a_patient_client_gets_the_whole_quota_window_after_window():
    policy = POLICIES["anonymous"]
    bucket = Bucket(policy)
    for _ in range(10 * policy.quota):
        bucket.now += policy.window * SECOND // policy.quota
        assert bucket.ask().allowed


def test_remaining_falls_by_the_cost_and_reset_says_when_the_bucket_is_full():
    bucket = Bucket(POLICIES["anonymous"])  # one unit in half a second
    assert bucket.ask() == (bucket.policy, True, 59, 0, 1)
    assert bucket.ask() == (bucket.policy, True, 58, 0, 1)
    assert bucket.ask() == (bucket.policy, True, 57, 0, 2)
    assert bucket.ask(cost=7) == (bucket.policy, True, 50, 0, 5)
    assert bucket.ask(cost=51) == (bucket.policy, False, 50, 1, 5)
    bucket.now += 5 * SECOND
    assert bucket.ask(cost=0) == (bucket.policy, True, 60, 0, 0)


@given(policies(), st.integers(0, 100 * SECOND), st.data())
def test_after_retry_after_seconds_the_same_request_passes_and_one_second_earlier_it_does_not(
    policy, wait, data
):
    bucket = Bucket(policy)
    bucket.drain()
    bucket.now += wait
    cost = data.draw(st.integers(1, policy.burst))
    refusal = bucket.ask(cost)
    if refusal.allowed:
        return
    assert refusal.retry_after >= 1
    refused_at = bucket.now
    bucket.now = refused_at + (refusal.retry_after - 1) * SECOND
    assert not bucket.ask(cost).allowed
    bucket.now = refused_at + refusal.retry_after * SECOND
    assert bucket.ask(cost).allowed


@given(policies(), st.integers(0, 100 * SECOND))
def test_after_reset_seconds_the_bucket_is_full_and_one_second_earlier_it_is_not(policy, wait):
    bucket = Bucket(policy)
    bucket.drain()
    bucket.now += wait
    reset = bucket.ask(cost=0).reset
    asked_at = bucket.now
    if reset:
        bucket.now = asked_at + (reset - 1) * SECOND
        assert bucket.ask(cost=0).reset == 1
    bucket.now = asked_at + reset * SECOND
    assert bucket.ask(cost=0) == (policy, True, policy.burst, 0, 0)


def test_a_refusal_takes_nothing():
    bucket = Bucket(POLICIES["search"])
    bucket.drain()
    before = bucket.tat
    for _ in range(1_000):
        assert not bucket.ask().allowed
    assert bucket.tat == before


@given(policies(), st.integers(1, 10 * 365 * 86_400 * SECOND), st.data())
def test_a_clock_that_steps_back_gives_no_allowance(policy, step, data):
    bucket = Bucket(policy)
    for _ in range(data.draw(st.integers(1, policy.burst))):
        left = bucket.ask().remaining
    bucket.now -= step
    assert bucket.ask(cost=0).remaining <= left
    assert bucket.drain() <= left


@given(policies(), st.integers(1, 10 * 365 * 86_400 * SECOND))
def test_a_clock_that_steps_back_locks_nobody_out_for_longer_than_one_refill(policy, step):
    bucket = Bucket(policy)
    bucket.drain()
    bucket.now -= step
    refusal = bucket.ask()
    assert refusal.reset * SECOND < policy.capacity + SECOND
    bucket.now += refusal.retry_after * SECOND
    assert bucket.ask().allowed


@pytest.mark.parametrize("cost", [-1, 61])
def test_a_cost_that_could_never_pass_is_a_mistake_and_not_a_refusal(cost):
    with pytest.raises(ValueError, match="can never pass"):
        decide(None, NOW, POLICIES["anonymous"], cost)
