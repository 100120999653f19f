"""Rate limit headers: what a client is told about the limits that its request was charged to.

Pure. Gives no partition keys: they would tell apart clients that share an address.
Source: draft-ietf-httpapi-ratelimit-headers-11, a draft and not a standard yet, hence the older
X-RateLimit fields beside it; RFC 9110 section 10.2.3 for Retry-After.
"""

from collections.abc import Sequence

from apps.ratelimits.decisions import Decision, strictest
from apps.ratelimits.policies import MICROSECONDS


def limit_headers(decisions: Sequence[Decision]) -> dict[str, str]:
    """Headers for one response: every policy, and the state of the strictest.

    All times are whole seconds from now. Raises ValueError for no decisions.
    """
    decision = strictest(decisions)
    policy = decision.policy
    headers = {
        "RateLimit-Policy": ", ".join(
            f'"{charged.policy.name}";q={charged.policy.quota};w={charged.policy.window}'
            for charged in decisions
        ),
        "RateLimit": f'"{policy.name}";r={decision.remaining};t={_effective_window(decision)}',
        "X-RateLimit-Limit": str(policy.quota),
        "X-RateLimit-Remaining": str(decision.remaining),
        "X-RateLimit-Reset": str(decision.reset),
    }
    if not decision.allowed:
        headers["Retry-After"] = str(decision.retry_after)
    return headers


def _effective_window(decision: Decision) -> int:
    """Seconds in which a client that heeds the draft spends no more than what remains.

    After a refusal, the wait: Retry-After should not end before this window does (draft section
    6). Else the time in which the remaining units come back, so that a client which spreads them
    over it goes at the policy's own rate and never faster (draft section 8.5).
    """
    if not decision.allowed:
        return decision.retry_after
    return -(-max(decision.remaining, 1) * decision.policy.interval // MICROSECONDS)
