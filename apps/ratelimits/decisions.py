"""The decision on one bucket, and the one of several that a client has to heed.

Pure values. Says nothing about how the decision was reached.
"""

from collections.abc import Sequence
from typing import NamedTuple

from apps.ratelimits.policies import Policy


class Decision(NamedTuple):
    """What one bucket says to one request.

    `remaining` units can be spent at once after this request. `retry_after` is 0 when allowed;
    when refused it is at least 1, and the same request passes after that many seconds of silence.
    `reset` is the number of seconds, rounded up, until the bucket is full. A tuple, because one
    is made for every bucket of every request and a frozen dataclass takes three times as long.
    """

    policy: Policy
    allowed: bool
    remaining: int
    retry_after: int
    reset: int


def strictest(decisions: Sequence[Decision]) -> Decision:
    """The refusal with the longest wait; without a refusal, the bucket with the least left.

    Raises ValueError for no decisions: every route is limited, so their absence is a mistake.
    """
    if not decisions:
        raise ValueError("no decision to choose from")
    refusals = [decision for decision in decisions if not decision.allowed]
    if refusals:
        return max(refusals, key=lambda decision: decision.retry_after)
    return min(decisions, key=lambda decision: decision.remaining)
