"""Interactive login: limited per account and per address, and recorded either way.

django-ratelimit counts (a fixed window). Its traps are closed: the answer is 429 with Retry-After
and not 403, the address is the one that core resolved (never a raw header), and accounts are
counted by a keyed hash, so that no e-mail address stands in a cache key.
"""

import unicodedata
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django_ratelimit.core import get_usage

from apps.audit.actors import Visitor
from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb
from apps.core.problems import Code, Problem

_GROUP = "login"
PER_ACCOUNT = "5/15m"
PER_ADDRESS = "30/15m"


def address_of(request: HttpRequest) -> str:
    """settings.RATELIMIT_IP_META_KEY: the caller's address as core resolved it."""
    return request.address or "0.0.0.0"  # noqa: S104 (a name for "unknown", nothing is bound)


def _account(_group: str, request: HttpRequest) -> str:
    # As the form and the look-up read it (NFKC, any case): each full-width letter, and each dotless
    # i on PostgreSQL, would else be a spelling with guesses of its own.
    email = unicodedata.normalize("NFKC", request.POST.get("username", "")).strip().upper().lower()
    return salted_hmac("gatehouse.login", email, secret=settings.SECRET_KEY).hexdigest()[:32]


def limited_login(
    request: HttpRequest, login: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """Run a login view under its limits. A signed-in user after a POST is a success."""
    if request.method != "POST":
        return login(request)
    usages = [
        get_usage(request, group=_GROUP, key=_account, rate=PER_ACCOUNT, increment=True),
        get_usage(request, group=_GROUP, key="ip", rate=PER_ADDRESS, increment=True),
    ]
    exhausted = [usage for usage in usages if usage["should_limit"]]
    if exhausted:
        # time_left can be 0 at the edge of a window.
        wait = max(1, *(usage["time_left"] for usage in exhausted))
        return Problem(Code.RATE_LIMITED, headers={"Retry-After": str(wait)}).response()
    response = login(request)
    _record(request, response)
    return response


def _record(request: HttpRequest, response: HttpResponse) -> None:
    # A login form redirects only when it accepts. Who was signed in before proves nothing.
    if response.status_code == 302:
        record(Verb.LOGIN_SUCCEEDED, Visitor(request.user.pk))
    else:
        record(Verb.LOGIN_FAILED, Visitor(None), outcome=Outcome.REFUSED)
