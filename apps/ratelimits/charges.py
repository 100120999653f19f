"""Charges: the buckets that one request takes from, all of them or none.

A request that its address ceiling refuses must not empty its credential's bucket, so the
decisions on all buckets are taken together. Pure: a store brings the tats, the clock and the
atomicity.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.ratelimits.decisions import Decision
from apps.ratelimits.gcra import decide
from apps.ratelimits.policies import POLICIES, Algorithm, Policy

LONGEST_KEY = 80  # a bound, so that a bounded number of buckets is a bounded amount of memory


@dataclass(frozen=True, slots=True)
class Charge:
    """Take `cost` units from the bucket of `key` under `policy`.

    `key` is a row id or an `address_bucket`, never a credential: it stands in clear in Redis. It
    stays out of the repr, because an address is personal. Raises ValueError for a policy that is
    no token bucket, for a key that is empty or longer than 80 characters and for a cost that could
    never pass.
    """

    policy: Policy
    key: str = field(repr=False)
    cost: int = 1

    def __post_init__(self) -> None:
        if self.policy.algorithm is not Algorithm.TOKEN_BUCKET:
            raise ValueError(f"policy {self.policy.name}: a {self.policy.algorithm} is no bucket")
        if not 0 < len(self.key) <= LONGEST_KEY:
            raise ValueError(f"policy {self.policy.name}: a key has 1 to {LONGEST_KEY} characters")
        if not 0 < self.cost <= self.policy.burst:
            raise ValueError(f"policy {self.policy.name}: a cost of {self.cost} can never pass")

    @property
    def bucket(self) -> str:
        """The bucket's name in a store; policy names hold no colon, so no two can meet."""
        return f"{self.policy.name}:{self.key}"


def buckets_of(key: str) -> list[str]:
    """The name of every bucket that this key may have."""
    buckets = (p for p in POLICIES.values() if p.algorithm is Algorithm.TOKEN_BUCKET)
    return [Charge(policy, key).bucket for policy in buckets]


def settle(
    charges: Sequence[Charge], tats: Sequence[int | None], now: int
) -> tuple[list[int | None], list[Decision]]:
    """Decide on all charges at once; return the tats to store, None for no change, and decisions.

    On a refusal nothing is taken: the decisions of the other buckets show them untouched.
    """
    after, decisions = [], []
    for charge, tat in zip(charges, tats, strict=True):
        next_tat, decision = decide(tat, now, charge.policy, charge.cost)
        after.append(next_tat)
        decisions.append(decision)
    if all(decision.allowed for decision in decisions):
        return after, decisions
    for index, (charge, tat) in enumerate(zip(charges, tats, strict=True)):
        if decisions[index].allowed:
            after[index] = None
            decisions[index] = decide(tat, now, charge.policy, cost=0)[1]
    return after, decisions
