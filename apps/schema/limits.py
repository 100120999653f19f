"""What a route may be asked for, as `x-rate-limit`: read from the charges, not told again."""

from typing import Any

from apps.access.charges import COUNTED_WITH_THE_ROW, charges
from apps.access.credential import ANONYMOUS, Credential, Kind, Tier
from apps.access.operation import Operation
from apps.ratelimits.policies import Policy

_ANY_ADDRESS = "192.0.2.1"


def rate_limits(operation: Operation) -> dict[str, list[dict[str, Any]]]:
    """For each kind of caller every policy that a request counts against.

    `quota` units in `window` seconds, at most `burst` at once; a request takes `cost` of them.
    """
    callers = {str(tier): Credential(kind=Kind.API_KEY, id="any", tier=tier) for tier in Tier}
    if operation.anonymous:
        callers = {"anonymous": ANONYMOUS, **callers}
    counted = [_numbers(policy, 1) for policy in COUNTED_WITH_THE_ROW.get(operation.limit, ())]
    return {
        caller: [
            _numbers(charge.policy, charge.cost)
            for charge in charges(credential, operation.limit, _ANY_ADDRESS, operation.cost)
        ]
        + counted
        for caller, credential in callers.items()
    }


def _numbers(policy: Policy, cost: int) -> dict[str, Any]:
    return {
        "policy": str(policy.name),
        "algorithm": str(policy.algorithm),
        "cost": cost,
        "quota": policy.quota,
        "window": policy.window,
        "burst": policy.burst,
    }
