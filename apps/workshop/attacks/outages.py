"""Outages (API2): take away what counts, and guess without end."""

from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import uuid4

from apps.workshop.attempts import Attempt, judged
from apps.workshop.run import Caller, Run
from apps.workshop.target import Answer

from .flood import placed

#: Nothing listens there.
_DEAD = "redis://127.0.0.1:1"
_CACHE = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": _DEAD,
}


def guessing_in_an_outage(run: Run) -> Iterator[Attempt]:
    """Guess passwords while the store of the counts is down."""
    run.needs_code()
    from django.test import override_settings

    with override_settings(CACHES={"default": _CACHE}):
        for place, what in enumerate(("an account", "another account", "a third")):
            answer = _log_in(placed(run, place))
            yield judged(
                f"a guess at {what}",
                stopped=answer.status == 503 and answer.code == "unavailable",
                succeeded=answer.status == 200,  # the form again: the password was looked at
                evidence=answer.summary,
            )


def flooding_in_an_outage(run: Run) -> Iterator[Attempt]:
    """Copy the listings while the store of the counts is down."""
    run.needs_code()
    from django.test import override_settings

    from apps.ratelimits.limiter import reset_stores

    from .flood import SEARCH, flood, get, limited

    with override_settings(REDIS_URL=_DEAD):
        reset_stores()
        try:
            yield limited(
                "search after search", flood(SEARCH, get(placed(run, 9), "listings")), 200
            )
        finally:
            reset_stores()


def _log_in(caller: Caller) -> Answer:
    form = urlencode({"login": f"{uuid4().hex}@attack.example.com", "password": "x"}).encode()
    media_type = "application/x-www-form-urlencoded"
    return caller.send("POST", "/accounts/login/", form, patient=False, Content_Type=media_type)
