"""Guards of the flows in which people, or machines that pose as people, guess.

`guard(flow, account, address)` counts one try and refuses the one too many, by account and by
address. django-ratelimit counts (a fixed window). Its traps are closed: the refusal is 429 with
Retry-After and not 403, addresses are the ones that core resolved, and accounts are counted by a
keyed hash, so that no e-mail address stands in a cache key.
"""

import unicodedata
from enum import StrEnum

from django.conf import settings
from django.utils.crypto import salted_hmac
from django_ratelimit.core import get_usage

from apps.core.problems import Code, Problem

from .addresses import address_bucket

_PER_ACCOUNT = "5/15m"
_PER_ADDRESS = "30/15m"


class Flow(StrEnum):
    """What is guarded: a closed set."""

    LOGIN = "login"
    REGISTRATION = "registration"
    RESET = "reset"
    SECOND_FACTOR = "second_factor"
    REAUTHENTICATION = "reauthentication"  # the password again, of somebody signed in
    PASSKEY = "passkey"  # nothing to guess: has no account


def guard(flow: Flow, account: str, address: str) -> None:
    """Count one try of `account`. Raises Problem `rate_limited` with Retry-After."""
    _count(f"{flow}-address", address_bucket(address), _PER_ADDRESS)
    if flow is not Flow.PASSKEY:
        _count(f"{flow}-account", _hashed(account), _PER_ACCOUNT)


def failed(flow: Flow, address: str) -> None:
    """Tell that the try which `guard` let pass was a wrong guess. Who keeps on is penalized."""


def _count(group: str, key: str, rate: str) -> None:
    usage = get_usage(None, group=group, key=lambda *_: key, rate=rate, increment=True)
    if usage["should_limit"]:
        # time_left can be 0 at the edge of a window.
        wait = max(1, usage["time_left"])
        raise Problem(Code.RATE_LIMITED, headers={"Retry-After": str(wait)})


def _hashed(account: str) -> str:
    # As forms and look-ups read it (NFKC, any case): each full-width letter, and each dotless i on
    # PostgreSQL, would else be a spelling with tries of its own.
    one = unicodedata.normalize("NFKC", account).strip().upper().lower()
    return salted_hmac("gatehouse.guard", one, secret=settings.SECRET_KEY).hexdigest()[:32]
