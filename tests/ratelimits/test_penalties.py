"""Penalties: they grow, they end when they said they would, and they are forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.ratelimits.charges import Charge
from apps.ratelimits.penalties import CLEAN, STRIKES, Event, Rules, in_force, level, struck
from apps.ratelimits.policies import POLICIES
from apps.ratelimits.verdicts import Subject, reach

SECOND = 1_000_000
MINUTE, DAY = 60 * SECOND, 86_400 * SECOND
NOW = 1_700_000_000 * SECOND
RULES = Rules.of_seconds((60, 300, 1_800, 86_400), 86_400)
SEARCH = POLICIES["search"]


class Offender:
    """One subject, its record and its clock."""

    def __init__(self):
        self.record, self.now = CLEAN, NOW

    def strike(self, times=1, *, limited=True):
        self.record, event = struck(self.record, self.now, RULES, times, limited=limited)
        return event

    def earn(self):
        """Strikes enough for a penalty, at this moment; return how long it is, in minutes."""
        assert self.strike(STRIKES.burst + 1) is Event.PENALIZED
        return (self.record.until - self.now) / MINUTE

    def serve(self):
        self.now = self.record.until


def test_whoever_retries_now_and_then_is_never_penalized():
    offender = Offender()
    for _ in range(2_000):
        assert offender.strike() is not Event.PENALIZED
        offender.now += STRIKES.interval


def test_the_hundredth_strike_at_once_is_forgiven_and_the_next_is_not():
    offender = Offender()
    assert offender.strike(100) is Event.LIMITED
    assert not in_force(offender.record, offender.now, RULES)
    assert offender.strike() is Event.PENALIZED
    assert in_force(offender.record, offender.now, RULES)


def test_penalties_are_one_five_and_thirty_minutes_and_a_day_and_stay_there():
    offender, lengths = Offender(), []
    for _ in range(6):
        lengths.append(offender.earn())
        offender.serve()
    assert lengths == [1, 5, 30, 1_440, 1_440, 1_440]


def test_a_penalty_is_forgotten_after_a_day_and_every_one_before_it_after_another():
    offender = Offender()
    for _ in range(3):
        offender.earn()
        offender.serve()
    assert level(offender.record, offender.now, RULES) == 3
    offender.now += DAY
    assert level(offender.record, offender.now, RULES) == 2
    offender.now += 2 * DAY
    assert level(offender.record, offender.now, RULES) == 0
    assert offender.earn() == 1


@given(st.lists(st.tuples(st.integers(0, 3 * DAY), st.integers(1, 120)), max_size=40))
def test_no_penalty_is_longer_than_the_last_step_and_more_than_a_step_longer_than_the_last(steps):
    offender, last = Offender(), -1
    for wait, strikes in steps:
        offender.now += wait
        if in_force(offender.record, offender.now, RULES):
            continue
        if offender.strike(strikes) is Event.PENALIZED:
            step = RULES.steps.index(offender.record.until - offender.now)
            assert step <= last + 1
            last = step
        assert offender.record.forgotten_at <= offender.now + 4 * DAY


@given(st.integers(0, 59_999_999), st.lists(st.integers(0, 101), max_size=20))
def test_asking_during_a_penalty_takes_nothing_and_does_not_make_it_longer(first, strikes):
    offender = Offender()
    offender.earn()
    began = offender.now
    for count in strikes:
        offender.now = began + first
        charges, subject = [Charge(SEARCH, "key")], Subject("key", count)
        outcome = reach(charges, [None], subject, offender.record, offender.now, RULES)
        assert (outcome.tats, outcome.record, outcome.verdict.event) == ([None], None, None)
        bucket, penalty = outcome.verdict.decisions
        assert (bucket.allowed, bucket.remaining) == (True, 30)
        assert (penalty.allowed, penalty.policy) == (False, STRIKES)
        assert offender.now + penalty.retry_after * SECOND >= offender.record.until
        assert offender.now + (penalty.retry_after - 1) * SECOND < offender.record.until


def test_after_the_penalty_the_next_request_passes():
    offender = Offender()
    offender.earn()
    subject = Subject("key")
    refused = reach([Charge(SEARCH, "key")], [None], subject, offender.record, NOW, RULES)
    later = NOW + refused.verdict.decisions[-1].retry_after * SECOND
    passed = reach([Charge(SEARCH, "key")], [None], subject, offender.record, later, RULES)
    assert [decision.allowed for decision in passed.verdict.decisions] == [True]


def test_refusals_are_noted_once_an_hour_and_wrong_credentials_are_not_refusals():
    offender = Offender()
    assert offender.strike(limited=False) is None
    told = [offender.strike() for _ in range(30)]
    assert told == [Event.LIMITED] + [None] * 29
    offender.now += 3_600 * SECOND
    assert offender.strike() is Event.LIMITED


@given(st.integers(1, 10 * 365 * DAY))
def test_a_clock_that_steps_back_keeps_nobody_out_for_longer_than_the_longest_step(step):
    offender = Offender()
    offender.earn()
    offender.now -= step
    left = offender.record.until - offender.now
    assert in_force(offender.record, offender.now, RULES) == (left <= DAY)
    offender.strike(STRIKES.burst + 1)
    assert offender.record.until <= offender.now + DAY
    assert offender.record.guilt <= offender.now + 4 * DAY


def test_without_a_subject_nobody_is_penalized():
    outcome = reach([Charge(SEARCH, "k")], [NOW + SEARCH.capacity], None, CLEAN, NOW, RULES)
    assert not outcome.verdict.decisions[0].allowed
    assert outcome.record is None


@pytest.mark.parametrize(
    ("steps", "memory"),
    [((), 60), ((60, 60), 60), ((300, 60), 60), ((0, 60), 60), ((60,), 0), ((-1,), 60)],
)
def test_steps_that_do_not_grow_do_not_load(steps, memory):
    with pytest.raises(ValueError, match="longer than the one before"):
        Rules.of_seconds(steps, memory)


@pytest.mark.parametrize("key", ["", "k" * 81])
def test_a_subject_without_bounds_is_refused_and_its_key_stays_out_of_the_repr(key):
    with pytest.raises(ValueError, match="1 to 80 characters"):
        Subject(key)
    assert "192.0.2.7" not in repr(Subject("192.0.2.7"))
