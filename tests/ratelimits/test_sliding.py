"""The sliding window against the fixed one: what each lets through around an edge."""

from unittest import mock

from django.core.cache import cache
from django_ratelimit.core import _get_window, get_usage
from hypothesis import given
from hypothesis import strategies as st

from apps.ratelimits.gcra import decide as bucket
from apps.ratelimits.policies import Algorithm, Policy
from apps.ratelimits.sliding import decide

SECOND = 1_000_000
NOW = 1_700_000_000 * SECOND


@st.composite
def policies(draw):
    quota, window = draw(st.integers(1, 20)), draw(st.sampled_from([1, 60, 86_400]))
    return Policy("p", quota, window, quota, Algorithm.SLIDING_WINDOW)


def passed(policy, waits):
    """When requests passed, that came after these waits."""
    now, taken = NOW, []
    for wait in waits:
        now += wait
        if decide(taken[-policy.quota :], now, policy).allowed:
            taken.append(now)
    return taken


@given(policies(), st.data())
def test_no_window_wherever_it_begins_holds_more_than_the_quota(policy, data):
    longest = 2 * policy.window * SECOND // policy.quota
    taken = passed(policy, data.draw(st.lists(st.integers(0, longest), max_size=100)))
    for start in taken:
        inside = [one for one in taken if start <= one < start + policy.window * SECOND]
        assert len(inside) <= policy.quota


@given(policies(), st.data())
def test_after_retry_after_seconds_it_passes_and_one_second_earlier_it_does_not(policy, data):
    waits = data.draw(st.lists(st.integers(0, policy.window * SECOND), max_size=40))
    taken = passed(policy, waits)[-policy.quota :]
    now = (taken or [NOW])[-1]
    refusal = decide(taken, now, policy)
    if refusal.allowed:
        assert len([t for t in taken if t > now - policy.window * SECOND]) < policy.quota
        return
    assert 1 <= refusal.retry_after <= refusal.reset <= policy.window
    assert decide(taken, now + refusal.retry_after * SECOND, policy).allowed
    assert not decide(taken, now + (refusal.retry_after - 1) * SECOND, policy).allowed


@given(policies(), st.integers(1, 10 * 365 * 86_400 * SECOND))
def test_a_clock_that_steps_back_gives_nothing_and_holds_nobody_longer_than_a_window(policy, step):
    taken = [NOW] * policy.quota
    refusal = decide(taken, NOW - step, policy)
    assert (refusal.allowed, refusal.retry_after) == (False, policy.window)


def test_remaining_counts_down():
    policy = Policy("p", 3, 60, 3, Algorithm.SLIDING_WINDOW)
    left = [decide([NOW] * taken, NOW, policy).remaining for taken in range(3)]
    assert left == [2, 1, 0]


def test_around_an_edge_a_fixed_window_lets_through_twice_its_quota():
    """django-ratelimit itself, by a clock that is held: ten just before the edge, ten just after.

    A sliding window lets ten through, and a bucket its burst and what came back since.
    """
    quota, window, key = 10, 60, "edge"
    cache.clear()
    with mock.patch("django_ratelimit.core.time.time") as clock:
        clock.return_value = NOW / SECOND
        edge = _get_window(key, window) + 1  # the last second of a window still belongs to it
        fixed = 0
        moments = [edge - 1] * 20 + [edge] * 20
        for moment in moments:
            clock.return_value = moment
            usage = get_usage(
                None, group="g", key=lambda *_: key, rate=(quota, window), increment=True
            )
            fixed += not usage["should_limit"]
    assert fixed == 2 * quota

    sliding = Policy("p", quota, window, quota, Algorithm.SLIDING_WINDOW)
    waits = [b - a for a, b in zip([moments[0], *moments], moments, strict=False)]
    assert len(passed(sliding, [wait * SECOND for wait in waits])) == quota

    tat, refilled = None, 0
    for moment in moments:
        after, decision = bucket(tat, moment * SECOND, Policy("p", quota, window, quota))
        tat, refilled = after or tat, refilled + decision.allowed
    assert refilled == quota
