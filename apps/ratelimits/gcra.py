"""GCRA, the token bucket that needs one number per bucket, as a pure function.

Source: ITU-T I.371, annex A (virtual scheduling). The number is the theoretical arrival time
(tat): the moment at which the bucket is full again. Guarantees that no span of t seconds passes
more than burst + t * quota / window units, in whole microseconds, so without rounding drift.
Has no clock and no memory: a clock that jumps forward d seconds gives what d seconds would give.
"""

from apps.ratelimits.decisions import Decision
from apps.ratelimits.policies import MICROSECONDS, Policy


def decide(tat: int | None, now: int, policy: Policy, cost: int = 1) -> tuple[int | None, Decision]:
    """Decide on one request; return the tat to store, None for no change, and the decision.

    `tat` and `now` are microseconds of one clock, `tat` None for a bucket never seen. A `cost` of
    0 looks without taking. Raises ValueError for a cost that could never pass.
    """
    if not 0 <= cost <= policy.burst:
        raise ValueError(f"policy {policy.name}: a cost of {cost} can never pass")
    full = now + policy.capacity
    # A clock that stepped back leaves tats far ahead. Bounded to an empty bucket they give no
    # allowance away; stored so, though refused, they lock nobody out for longer than one refill.
    level = now if tat is None else min(max(tat, now), full)
    after = level + cost * policy.interval
    if after > full:
        remaining = (full - level) // policy.interval
        retry_after = -((full - after) // MICROSECONDS)
        reset = -((now - level) // MICROSECONDS)
        mended = level if level < tat else None
        return mended, Decision(policy, False, remaining, retry_after, reset)
    remaining = (full - after) // policy.interval
    reset = -((now - after) // MICROSECONDS)
    return after, Decision(policy, True, remaining, 0, reset)
