"""Guards of the flows in which people, or machines that pose as people, guess.

`guard(flow, account, address)` counts one try and refuses the one too many, by account and by
address. django-ratelimit counts, in fixed windows: up to twice the quota passes across an edge,
which five guesses can afford. Wrong guesses are strikes on the address as well, so that whoever
tries one password on a thousand accounts is penalized.

django-ratelimit's traps are closed here: the refusal is 429 with Retry-After and not 403, no count
means closed (503) and not an exception, rates come from the policy table and are never parsed,
addresses are buckets and never raw headers, and accounts are counted by a keyed hash, so that no
e-mail address stands in a cache key.
"""

import logging
import secrets
import unicodedata
from enum import StrEnum
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django_ratelimit.core import get_usage
from redis.exceptions import RedisError

from apps.audit.actors import Visitor
from apps.core.problems import Code, Problem

from .addresses import address_bucket
from .limiter import Subject, Verdict, penalize
from .notices import note
from .policies import POLICIES, Policy

logger = logging.getLogger(__name__)
#: Seconds: as long as the longest window in which tries are counted.
_LONGEST = POLICIES["wrong-guess-day"].window


class Flow(StrEnum):
    """What is guarded: a closed set."""

    LOGIN = "login"
    REGISTRATION = "registration"
    RESET = "reset"
    TOKEN = "token"  # noqa: S105 (the OAuth token endpoint; its account is the client id)
    INTROSPECTION = (
        "introspection"  # and revocation: asked by servers, about every request of theirs
    )
    CONFIRMATION = "confirmation"  # a one-time code, or the password again before what matters
    PASSKEY = "passkey"  # names its account only when it is right


class _Limits(NamedTuple):
    by_address: Policy
    by_account: Policy | None
    wrong_guess: int  # in strikes; a form is filled by hand, so few weigh as much as many requests
    wrong_by_account: tuple[Policy, ...] = ()


_GROWING = (POLICIES["wrong-guess-hour"], POLICIES["wrong-guess-day"])
_LIMITS = {
    Flow.LOGIN: _Limits(POLICIES["login-address"], POLICIES["login-account"], 3, _GROWING),
    Flow.REGISTRATION: _Limits(
        POLICIES["registration-address"], POLICIES["registration-account"], 1
    ),
    Flow.RESET: _Limits(POLICIES["reset-address"], POLICIES["reset-account"], 1),
    Flow.TOKEN: _Limits(POLICIES["token-address"], POLICIES["token-client"], 3),
    Flow.INTROSPECTION: _Limits(
        POLICIES["introspection-address"], POLICIES["introspection-client"], 3
    ),
    Flow.CONFIRMATION: _Limits(
        POLICIES["confirmation-address"], POLICIES["confirmation-account"], 3, _GROWING
    ),
    Flow.PASSKEY: _Limits(POLICIES["passkey-address"], None, 1),
}


def guard(flow: Flow, account: str, address: str) -> None:
    """Count one try of `account` (an e-mail address, a client id).

    Call it before anything else is done. `address` is `request.address`. Raises Problem, each with
    Retry-After: `rate_limited`, `penalized`, and `unavailable` where the count cannot be kept.
    """
    limits = _LIMITS[flow]
    _refuse_penalized(_strike(address, 0))
    # The address first: one that is refused must not use up the tries of other people's accounts.
    try:
        _count(limits.by_address, address_bucket(address))
        if limits.by_account is not None:
            key = _account(flow, account)
            for policy in limits.wrong_by_account:
                _refuse_full(policy, f"{flow}:{key}")
            _count(limits.by_account, key)
    except Problem as refused:
        if refused.code is Code.RATE_LIMITED:
            _refuse_penalized(_strike(address, 1))
        raise


def failed(flow: Flow, address: str, account: str = "") -> None:
    """Tell that a try which `guard` let pass was a wrong guess. Who keeps on is penalized.

    `account` as `guard` was told it, where the flow counts wrong guesses by account. Raises Problem
    `unavailable` where they cannot be counted.
    """
    limits = _LIMITS[flow]
    _strike(address, limits.wrong_guess)
    for policy in limits.wrong_by_account:
        _usage(policy, f"{flow}:{_account(flow, account)}", increment=True)


def forgive(flow: Flow, account: str) -> None:
    """Forget every try of this account in this flow: what was guessed at is no longer what it was.

    Not guaranteed while the store does not answer: then the waits stay as they are.
    """
    try:
        cache.set(f"guard-since:{flow}:{_hashed(account)}", secrets.token_hex(8), _LONGEST)
    except RedisError as error:
        _unavailable(error)


def count_account(flow: Flow, account: str) -> None:
    """Count one try of an account that has proved to be itself, wherever it comes from.

    For flows whose `guard` is asked by account and address together, because an account's name is
    no secret and a stranger could use up its tries. Raises Problem as `guard` does.
    """
    policy = _LIMITS[flow].by_account
    if policy is not None:
        _count(policy, _account(flow, account))


def _strike(address: str, strikes: int) -> Verdict:
    verdict = penalize(Subject(address_bucket(address), strikes))
    note(verdict, Visitor(None))
    return verdict


def _refuse_penalized(verdict: Verdict) -> None:
    for penalty in verdict.decisions:
        raise Problem(Code.PENALIZED, headers={"Retry-After": str(penalty.retry_after)})


def _count(policy: Policy, key: str) -> None:
    usage = _usage(policy, key, increment=True)
    if usage["should_limit"]:
        raise _wait(usage)


def _refuse_full(policy: Policy, key: str) -> None:
    usage = _usage(policy, key, increment=False)
    if usage["count"] >= usage["limit"]:
        raise _wait(usage)


def _usage(policy: Policy, key: str, *, increment: bool) -> dict[str, Any]:
    try:
        usage = get_usage(
            None,
            group=policy.name,
            key=lambda _group, _request: key,
            rate=(policy.quota, policy.window),
            increment=increment,
        )
    except RedisError as error:
        raise _unavailable(error) from None
    if usage["limit"] == 0:  # how the library says that it could not count
        raise _unavailable()
    return usage


def _wait(usage: dict[str, Any]) -> Problem:
    # time_left can be 0 at the edge of a window.
    return Problem(Code.RATE_LIMITED, headers={"Retry-After": str(max(1, usage["time_left"]))})


def _unavailable(error: Exception | None = None) -> Problem:
    name = type(error).__name__ if error else "no count"
    logger.error("guard_store_unavailable", extra={"fields": {"error": name}})
    return Problem(Code.UNAVAILABLE, headers={"Retry-After": "1"})


def _account(flow: Flow, account: str) -> str:
    """What the tries of an account are counted under: another name each time it is forgiven."""
    name = _hashed(account)
    if not _LIMITS[flow].wrong_by_account:
        return name  # nothing is ever forgiven there, so there is nothing to ask the store
    try:
        return f"{name}:{cache.get(f'guard-since:{flow}:{name}', '')}"
    except RedisError as error:
        raise _unavailable(error) from None


def _hashed(account: str) -> str:
    # As forms and look-ups read it (NFKC, any case): each full-width letter, and each dotless i on
    # PostgreSQL, would else be a spelling with tries of its own.
    one = unicodedata.normalize("NFKC", account).strip().upper().lower()
    return salted_hmac("gatehouse.guard", one, secret=settings.SECRET_KEY).hexdigest()[:32]
