"""Ask more often than a limit grants, and see whether it ends.

Measured against what the contract grants in the time that passes, so that a slow machine, whose
buckets fill while it asks, neither passes for a limit nor for the lack of one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from apps.workshop.attempts import Attempt, judged
from apps.workshop.run import Caller, Run
from apps.workshop.target import Answer

#: Served so many more than granted, the attacker has won.
_MARGIN = 8
#: After that a machine is too slow to tell: unclear.
_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many requests at once, and so many more each second."""

    burst: float
    rate: float


SEARCH, ANONYMOUS, PAGES, FREE = Bucket(30, 0.5), Bucket(60, 2), Bucket(60, 2), Bucket(120, 10)


@dataclass(frozen=True, slots=True)
class Flood:
    """How it ended: the last answer, how many there were, and was that more than granted?"""

    last: Answer
    asked: int
    endless: bool

    @property
    def summary(self) -> str:
        wait = self.last.headers.get("retry-after")
        return f"{self.last.summary} at request {self.asked}" + (f", wait {wait} s" if wait else "")


def flood(bucket: Bucket, send: Callable[[int], Answer]) -> Flood:
    """Ask until refused for asking too often, or until served more than granted."""
    started = time.monotonic()
    for number in count(1):
        answer = send(number)
        elapsed = time.monotonic() - started
        endless = number > bucket.burst + elapsed * bucket.rate + _MARGIN
        if answer.status == 429 or endless or elapsed > _SECONDS:
            return Flood(answer, number, endless and answer.status != 429)
    raise AssertionError  # a count does not end


def get(caller: Caller, path: str, **headers: str) -> Callable[[int], Answer]:
    """What `flood` sends: a GET with the number of the request where `{n}` stands."""

    def send(number: int) -> Answer:
        named = {name: value.format(n=number) for name, value in headers.items()}
        return caller.send("GET", path.format(n=number), patient=False, **named)

    return send


def limited(what: str, tried: Flood, status: int) -> Attempt:
    """A flood that should have ended in 429; `status` is how its requests answer otherwise."""
    wait = tried.last.headers.get("retry-after", "")
    return judged(
        what,
        stopped=tried.last.code == "rate_limited" and wait.isdigit() and int(wait) >= 1,
        succeeded=tried.endless and tried.last.status == status,
        evidence=tried.summary,
    )


def placed(run: Run, place: int) -> Caller:
    """A caller without a credential, from an address that no other variant uses."""
    return run.sending({}, f"{run.source.rpartition('.')[0]}.{10 + place}")
