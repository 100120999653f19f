"""Guards of the flows in which people, or machines that pose as people, guess.

`guard(flow, account, address)` counts one try and refuses the one too many, by account and by
address. django-ratelimit counts, in fixed windows: up to twice the quota passes across an edge,
which five guesses can afford. Its traps are closed here: the refusal is 429 with Retry-After and
not 403, no count means closed (503) and not an exception, rates come from the policy table and are
never parsed, addresses are buckets and never raw headers, and accounts are counted by a keyed hash,
so that no e-mail address stands in a cache key.
"""

import logging
import unicodedata
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac
from django_ratelimit.core import get_usage
from redis.exceptions import RedisError

from apps.core.problems import Code, Problem

from .addresses import address_bucket
from .policies import POLICIES, Policy, PolicyName

logger = logging.getLogger(__name__)


class Flow(StrEnum):
    """What is guarded: a closed set."""

    LOGIN = "login"
    REGISTRATION = "registration"
    RESET = "reset"
    TOKEN = "token"  # noqa: S105 (the OAuth token endpoint; its account is the client id)
    LEAK_REPORT = "leak_report"  # anonymous: has no account


class _Limits(NamedTuple):
    by_address: Policy
    by_account: Policy | None


_LIMITS = {
    Flow.LOGIN: _Limits(POLICIES[PolicyName.LOGIN_ADDRESS], POLICIES[PolicyName.LOGIN_ACCOUNT]),
    Flow.REGISTRATION: _Limits(
        POLICIES[PolicyName.REGISTRATION_ADDRESS], POLICIES[PolicyName.REGISTRATION_ACCOUNT]
    ),
    Flow.RESET: _Limits(POLICIES[PolicyName.RESET_ADDRESS], POLICIES[PolicyName.RESET_ACCOUNT]),
    Flow.TOKEN: _Limits(POLICIES[PolicyName.TOKEN_ADDRESS], POLICIES[PolicyName.TOKEN_CLIENT]),
    Flow.LEAK_REPORT: _Limits(POLICIES[PolicyName.LEAK_REPORT_ADDRESS], None),
}


def guard(flow: Flow, account: str, address: str) -> None:
    """Count one try of `account` (an e-mail address, a client id; "" where there is none).

    Call it before anything else is done. `address` is `request.address`. Raises Problem:
    `rate_limited` with Retry-After, and `unavailable` where the count cannot be kept.
    """
    limits = _LIMITS[flow]
    # The address first: one that is refused must not use up the tries of other people's accounts.
    _count(limits.by_address, address_bucket(address))
    if limits.by_account is not None:
        _count(limits.by_account, _hashed(account))


def failed(flow: Flow, address: str) -> None:
    """Tell that the try which `guard` let pass was a wrong guess. Who keeps on is penalized."""


def _count(policy: Policy, key: str) -> None:
    try:
        usage = get_usage(
            None,
            group=policy.name,
            key=lambda _group, _request: key,
            rate=(policy.quota, policy.window),
            increment=True,
        )
    except RedisError as error:
        logger.error("guard_store_unavailable", extra={"error": type(error).__name__})
        raise Problem(Code.UNAVAILABLE, headers={"Retry-After": "1"}) from None
    if usage["limit"] == 0:  # how the library says that it could not count
        raise Problem(Code.UNAVAILABLE, headers={"Retry-After": "1"})
    if usage["should_limit"]:
        # time_left can be 0 at the edge of a window.
        wait = max(1, usage["time_left"])
        raise Problem(Code.RATE_LIMITED, headers={"Retry-After": str(wait)})


def _hashed(account: str) -> str:
    # As forms and look-ups read it (NFKC, any case): each full-width letter, and each dotless i on
    # PostgreSQL, would else be a spelling with tries of its own.
    one = unicodedata.normalize("NFKC", account).strip().upper().lower()
    return salted_hmac("gatehouse.guard", one, secret=settings.SECRET_KEY).hexdigest()[:32]
