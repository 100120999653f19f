"""Penalties: whoever goes on after being refused waits longer each time, as a pure function.

Each refusal is a strike, taken from a bucket of the policy "strikes": who retries now and then
never empties it. Who does is penalized, for as long as the first step says, then the second, up to
the last; every penalty is remembered for a while, and one that is forgotten lets the next be a step
shorter. The memory is a bucket too: one number, which time alone brings down.

A penalty is on one subject: a good credential, or the address of callers who have none. While it
lasts nothing is counted, so it ends when it said it would. A clock that steps back makes no penalty
longer than the longest step; one that could not be true is void.
"""

from enum import StrEnum
from typing import NamedTuple

from apps.ratelimits.decisions import Decision
from apps.ratelimits.policies import MICROSECONDS, POLICIES, PolicyName

STRIKES = POLICIES[PolicyName.STRIKES]
#: Refusals of one subject are audited once in this time: its rows do not grow with its requests.
NOTED_FOR = STRIKES.window * MICROSECONDS


class Event(StrEnum):
    """What is worth an audit row."""

    LIMITED = "limited"  # refused for the first time in a window
    PENALIZED = "penalized"  # a penalty has just begun


class Rules(NamedTuple):
    """How long penalties last, first to last, and how long each is remembered; microseconds."""

    steps: tuple[int, ...]
    memory: int

    @classmethod
    def of_seconds(cls, steps: tuple[int, ...], memory: int) -> "Rules":
        """Raises ValueError for steps that do not grow, and for a memory of nothing."""
        if not steps or list(steps) != sorted(set(steps)) or steps[0] < 1 or memory < 1:
            raise ValueError("penalties last whole seconds, each longer than the one before")
        return cls(tuple(step * MICROSECONDS for step in steps), memory * MICROSECONDS)


class Record(NamedTuple):
    """What is kept of one subject: moments in microseconds, all past when all is forgotten."""

    strikes: int = 0  # when the bucket of strikes is full again
    guilt: int = 0  # when the last penalty is forgotten
    until: int = 0  # when the penalty in force ends
    noted: int = 0  # when a refusal is worth a row again

    @property
    def forgotten_at(self) -> int:
        return max(self)


CLEAN = Record()


def in_force(record: Record, now: int, rules: Rules) -> bool:
    """Is there a penalty now?"""
    return now < record.until <= now + rules.steps[-1]


def level(record: Record, now: int, rules: Rules) -> int:
    """How many penalties are remembered; 0 for none."""
    return max(0, -((now - record.guilt) // rules.memory))


def struck(
    record: Record, now: int, rules: Rules, strikes: int, *, limited: bool
) -> tuple[Record, Event | None]:
    """The record after so many strikes, at least one, and what is to be told of it."""
    full = now + STRIKES.capacity
    bucket = min(max(record.strikes, now), full) + strikes * STRIKES.interval
    if bucket > full:
        most = now + (len(rules.steps) - 1) * rules.memory
        guilt = min(max(record.guilt, now), most) + rules.memory
        after = record._replace(strikes=now, guilt=guilt)
        until = now + rules.steps[level(after, now, rules) - 1]
        return after._replace(until=until), Event.PENALIZED
    if limited and not now < record.noted <= now + NOTED_FOR:
        return record._replace(strikes=bucket, noted=now + NOTED_FOR), Event.LIMITED
    return record._replace(strikes=bucket), None


def penalty(record: Record, now: int) -> Decision:
    """The penalty in force, as the decision that a client has to heed."""
    wait = -((now - record.until) // MICROSECONDS)
    return Decision(STRIKES, False, 0, wait, wait)
