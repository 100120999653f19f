"""What a route may be asked for, as `x-rate-limit`: read from the charges, not told again."""

from typing import Any

from apps.access.charges import charges
from apps.access.credential import ANONYMOUS, Credential, Kind, Tier
from apps.access.operation import Operation
from apps.ratelimits.policies import Policy

_ANY_ADDRESS = "192.0.2.1"


def rate_limits(operation: Operation) -> dict[str, list[dict[str, Any]]]:
    """For each kind of caller every policy that a request counts against.

    `quota` requests in `window` seconds in the long run, at most `burst` at once.
    """
    callers = {str(tier): Credential(kind=Kind.API_KEY, id="any", tier=tier) for tier in Tier}
    if operation.anonymous:
        callers = {"anonymous": ANONYMOUS, **callers}
    return {
        caller: [
            _numbers(charge.policy) for charge in charges(credential, operation.limit, _ANY_ADDRESS)
        ]
        for caller, credential in callers.items()
    }


def _numbers(policy: Policy) -> dict[str, Any]:
    return {
        "policy": str(policy.name),
        "quota": policy.quota,
        "window": policy.window,
        "burst": policy.burst,
    }
