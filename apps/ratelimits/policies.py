"""Rate policies: every limit of the service in one closed table.

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


class Algorithm(StrEnum):
    """How a limit counts, each where it fits."""

    TOKEN_BUCKET = "token bucket"  # noqa: S105 (gcra.py: the API, every request of every caller)
    SLIDING_WINDOW = "sliding window"  # sliding.py: offers, few and each worth a row
    FIXED_WINDOW = "fixed window"  # django-ratelimit, by guards.py: the forms where people guess


class PolicyName(StrEnum):
    """Who or what a limit is for."""

    ANONYMOUS = "anonymous"  # one address without a credential
    SEARCH = "search"  # listing search by one address without a credential
    FREE = "free"  # one credential of the free tier
    PARTNER = "partner"
    INTERNAL = "internal"
    ADDRESS = "address"  # ceiling of one address over all of its credentials
    OFFERS = "offers"  # offers made by one buyer
    LISTING_OFFERS = "listing-offers"  # of these, the ones on one listing
    LEAK_REPORT = "leak-report"  # reports of leaked keys by one address
    REVEAL = "reveal"  # people shown in clear to one person, over all of their credentials
    EXPORT = "export"  # exports of one person's data, over all of their credentials
    BUYER_LOOKUP = "buyer-lookup"  # look-ups of buyers by one person, over all credentials
    PAGES = "pages"  # HTML pages, documentation and admin, per address
    PROBES = "probes"  # health endpoints, per address
    STRIKES = "strikes"  # refusals of one subject, before a penalty begins: penalties.py
    LOGIN_ACCOUNT = "login-account"
    LOGIN_ADDRESS = "login-address"
    REGISTRATION_ACCOUNT = "registration-account"
    REGISTRATION_ADDRESS = "registration-address"
    RESET_ACCOUNT = "reset-account"
    RESET_ADDRESS = "reset-address"
    TOKEN_CLIENT = "token-client"  # noqa: S105 (the token endpoint, per OAuth client)
    TOKEN_ADDRESS = "token-address"  # noqa: S105
    INTROSPECTION_CLIENT = "introspection-client"  # and revocation
    INTROSPECTION_ADDRESS = "introspection-address"
    CONFIRMATION_ACCOUNT = "confirmation-account"
    CONFIRMATION_ADDRESS = "confirmation-address"
    PASSKEY_ADDRESS = "passkey-address"
    WRONG_GUESS_HOUR = "wrong-guess-hour"  # wrong passwords, or wrong codes, of one account
    WRONG_GUESS_DAY = "wrong-guess-day"
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
    algorithm: Algorithm = Algorithm.TOKEN_BUCKET
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
        if self.burst < self.quota and self.algorithm is not Algorithm.TOKEN_BUCKET:
            raise ValueError(f"policy {self.name}: a window knows no burst below its quota")
        interval = -(-self.window * MICROSECONDS // self.quota)
        object.__setattr__(self, "interval", interval)
        object.__setattr__(self, "capacity", interval * self.burst)


def _fixed(name: PolicyName, quota: int, window: int) -> Policy:
    return Policy(name, quota, window, quota, Algorithm.FIXED_WINDOW)


def _sliding(name: PolicyName, quota: int, window: int) -> Policy:
    return Policy(name, quota, window, quota, Algorithm.SLIDING_WINDOW)


_QUARTER_HOUR, _HOUR, _DAY = 900, 3_600, 86_400

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
            Policy(PolicyName.LEAK_REPORT, quota=10, window=60, burst=10),
            Policy(PolicyName.REVEAL, quota=120, window=3_600, burst=60),
            Policy(PolicyName.EXPORT, quota=5, window=3_600, burst=5),
            Policy(PolicyName.BUYER_LOOKUP, quota=30, window=3_600, burst=10),
            Policy(PolicyName.PAGES, quota=120, window=60, burst=60),
            Policy(PolicyName.PROBES, quota=600, window=60, burst=120),
            Policy(PolicyName.STRIKES, quota=100, window=3_600, burst=100),
            _sliding(PolicyName.OFFERS, 20, _DAY),
            _sliding(PolicyName.LISTING_OFFERS, 5, _DAY),
            _fixed(PolicyName.LOGIN_ACCOUNT, 5, _QUARTER_HOUR),
            _fixed(PolicyName.LOGIN_ADDRESS, 30, _QUARTER_HOUR),
            _fixed(PolicyName.REGISTRATION_ACCOUNT, 5, _QUARTER_HOUR),
            _fixed(PolicyName.REGISTRATION_ADDRESS, 30, _QUARTER_HOUR),
            _fixed(PolicyName.RESET_ACCOUNT, 5, _QUARTER_HOUR),
            _fixed(PolicyName.RESET_ADDRESS, 30, _QUARTER_HOUR),
            _fixed(PolicyName.TOKEN_CLIENT, 60, 60),
            _fixed(PolicyName.TOKEN_ADDRESS, 300, 60),
            _fixed(PolicyName.INTROSPECTION_CLIENT, 3_000, 60),
            _fixed(PolicyName.INTROSPECTION_ADDRESS, 3_000, 60),
            _fixed(PolicyName.CONFIRMATION_ACCOUNT, 5, _QUARTER_HOUR),
            _fixed(PolicyName.CONFIRMATION_ADDRESS, 30, _QUARTER_HOUR),
            _fixed(PolicyName.PASSKEY_ADDRESS, 30, _QUARTER_HOUR),
            _fixed(PolicyName.WRONG_GUESS_HOUR, 10, _HOUR),
            _fixed(PolicyName.WRONG_GUESS_DAY, 20, _DAY),
            Policy(PolicyName.REFUSED_INPUT, quota=60, window=600, burst=20),
        )
    }
)
