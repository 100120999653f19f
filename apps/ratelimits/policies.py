"""Rate policies: every limit of the API in one closed table.

Guarantees that a policy which loads is sound: positive whole numbers, a burst within the quota,
and a name that is safe inside a header and a Redis key. Counts nothing and knows no request.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

MICROSECONDS = 1_000_000

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


class PolicyName(StrEnum):
    """Who or what a limit is for."""

    ANONYMOUS = "anonymous"  # one address without a credential
    SEARCH = "search"  # listing search by one address without a credential
    FREE = "free"  # one credential of the free tier
    PARTNER = "partner"
    INTERNAL = "internal"
    ADDRESS = "address"  # ceiling of one address over all of its credentials
    OFFERS = "offers"  # offers made by one buyer
    LEAK_REPORT_ADDRESS = "leak-report-address"  # reports of leaked keys by one address
    PAGES = "pages"  # HTML pages, documentation and admin, per address
    PROBES = "probes"  # health endpoints, per address
    REFUSED_INPUT = "refused_input"  # audit rows about refused input, per credential or address


@dataclass(frozen=True, slots=True)
class Policy:
    """`quota` units per `window` seconds in the long run, at most `burst` of them at once.

    Raises ValueError or TypeError at construction: a limit that cannot be kept must not load.
    """

    name: str
    quota: int
    window: int
    burst: int
    interval: int = field(init=False, repr=False, compare=False)
    """Microseconds in which one unit comes back, rounded up so that the quota is never passed."""
    capacity: int = field(init=False, repr=False, compare=False)
    """Microseconds in which an empty bucket is full again."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"policy name {self.name!r} is not a short lower-case word")
        for number in ("quota", "window", "burst"):
            value = getattr(self, number)
            if type(value) is not int:
                raise TypeError(f"policy {self.name}: {number} must be a whole number")
            if value <= 0:
                raise ValueError(f"policy {self.name}: {number} must be positive")
        if self.burst > self.quota:
            raise ValueError(f"policy {self.name}: burst {self.burst} exceeds quota {self.quota}")
        interval = -(-self.window * MICROSECONDS // self.quota)
        object.__setattr__(self, "interval", interval)
        object.__setattr__(self, "capacity", interval * self.burst)


POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        policy.name: policy
        for policy in (
            Policy(PolicyName.ANONYMOUS, quota=120, window=60, burst=60),
            Policy(PolicyName.SEARCH, quota=30, window=60, burst=30),
            Policy(PolicyName.FREE, quota=600, window=60, burst=120),
            Policy(PolicyName.PARTNER, quota=3_000, window=60, burst=600),
            Policy(PolicyName.INTERNAL, quota=12_000, window=60, burst=2_400),
            Policy(PolicyName.ADDRESS, quota=3_000, window=60, burst=3_000),
            Policy(PolicyName.OFFERS, quota=20, window=86_400, burst=20),
            Policy(PolicyName.LEAK_REPORT_ADDRESS, quota=10, window=60, burst=10),
            Policy(PolicyName.PAGES, quota=120, window=60, burst=60),
            Policy(PolicyName.PROBES, quota=600, window=60, burst=120),
            Policy(PolicyName.REFUSED_INPUT, quota=60, window=600, burst=20),
        )
    }
)
