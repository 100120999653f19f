"""The sliding window, as a pure function: at most `quota` in any span of `window`, anywhere.

It needs the moment of every unit that was taken, so it fits what is rare and worth a row each. A
fixed window needs one number and lets twice the quota through around its edge; a token bucket needs
one number and lets its burst through on top of its rate. Neither can promise what this one does.
"""

from collections.abc import Sequence

from apps.ratelimits.decisions import Decision
from apps.ratelimits.policies import MICROSECONDS, Policy


def decide(moments: Sequence[int], now: int, policy: Policy) -> Decision:
    """Decide on one unit, now. `moments`: when the latest ones were taken, in microseconds.

    The `policy.quota` latest are enough. A moment counts until a whole window after it has passed;
    one from the future, after a clock stepped back, counts as now, so nobody waits longer than one
    window.
    """
    window = policy.window * MICROSECONDS
    live = sorted(min(moment, now) for moment in moments if moment > now - window)
    if len(live) >= policy.quota:
        # It passes again when enough of them are past, not only the first.
        freed = live[len(live) - policy.quota] + window
        wait = -((now - freed) // MICROSECONDS)
        last = -((now - live[-1] - window) // MICROSECONDS)
        return Decision(policy, False, 0, max(wait, 1), max(last, 1))
    return Decision(policy, True, policy.quota - len(live) - 1, 0, policy.window)
