"""Sessions of people at pages (API2): planted, forged, framed, and outliving what ended them."""

import re
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from apps.workshop.attempts import Attempt, HonestUseBroken, judged
from apps.workshop.inside import model
from apps.workshop.run import Run

from .pages import NEW, PASSWORD, browser, is_in, sign_in, somebody

_FORMS = {
    "the sign-in": ("login/", {"login": "a@example.com", "password": "x"}),
    "the sign-out": ("logout/", {}),
    "ending sessions": ("sessions/", {"session": "others"}),
    "a new password": (
        "password/change/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    ),
}


def planted_session(run: Run) -> Iterator[Attempt]:
    """Give the victim a session id that the thief knows, and wait until they sign in with it."""
    run.needs_code()
    with somebody() as user:
        for what, path in (
            ("one that the service made", "second-factors/passkeys/login/"),
            ("one that the thief made up", ""),
        ):
            thief, victim = browser(run), browser(run)
            thief.get(f"/accounts/{path}")
            known = getattr(thief.cookies.get("session"), "value", "") or "k" * 32
            victim.cookies["session"] = thief.cookies["session"] = known
            sign_in(victim, user)
            yield judged(
                what,
                stopped=is_in(victim) and not is_in(thief),
                succeeded=is_in(thief),
                evidence="the thief is in" if is_in(thief) else "a new id at sign-in",
            )


def signing_in(run: Run) -> None:
    """Who signs in is in, and nobody else."""
    run.needs_code()
    with somebody() as user:
        visitor = browser(run)
        sign_in(visitor, user)
        if not is_in(visitor):
            raise HonestUseBroken("the right password does not sign in")


def forged_forms(run: Run) -> Iterator[Attempt]:
    """From a page of another site, send our forms with the victim's cookies."""
    run.needs_code()
    foreign = {"Origin": "https://attacker.example", "Referer": "https://attacker.example/"}
    with somebody() as user:
        for what, (path, fields) in _FORMS.items():
            for from_where, headers in (("a foreign page", foreign), ("nowhere", {})):
                victim = browser(run, strict=True)
                victim.force_login(user)
                answer = victim.post(f"/accounts/{path}", fields, headers=headers)
                yield _form(f"{what}, from {from_where}", answer)


def own_forms(run: Run) -> None:
    """A form of ours carries its token and is taken."""
    run.needs_code()
    with somebody() as user:
        visitor = browser(run, strict=True)
        page = visitor.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
        sign_in(visitor, user, csrfmiddlewaretoken=token)
        if not is_in(visitor):
            raise HonestUseBroken("a form with its token is not taken")


def _form(what: str, answer: Any) -> Attempt:
    return judged(
        what,
        stopped=answer.status_code == 403,
        succeeded=answer.status_code in (200, 302),
        evidence=str(answer.status_code),
    )


def framed_pages(run: Run) -> Iterator[Attempt]:
    """Put a page of ours, invisible, over a page of the thief's, and have it clicked."""
    run.needs_code()
    with somebody() as user:
        victim = browser(run)
        sign_in(victim, user)
        for path in ("", "sessions/", "password/change/", "login/", "logout/"):
            answer = victim.get(f"/accounts/{path}")
            policy = answer.headers.get("Content-Security-Policy", "")
            old = answer.headers.get("X-Frame-Options") == "DENY"
            new = "frame-ancestors 'none'" in policy
            yield judged(
                f"/accounts/{path}",
                stopped=old and new,
                succeeded=not old and not new,
                evidence=f"{answer.status_code}, framed by {'nobody' if old and new else 'some'}",
            )


def after_password_change(run: Run) -> Iterator[Attempt]:
    """Keep using a session that was stolen before its owner changed the password."""
    run.needs_code()
    with somebody() as user:
        for what, change in (("changed", _change), ("reset", _reset)):
            thief, owner = browser(run), browser(run)
            user.set_password(PASSWORD)
            user.save()
            sign_in(thief, user)
            sign_in(owner, user)
            before = is_in(thief)
            change(owner, user)
            yield _ended(f"the password was {what}", before, is_in(thief))


def _change(owner: Any, user: Any) -> None:
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    owner.post("/accounts/password/change/", fields)


def _reset(owner: Any, user: Any) -> None:
    from .pages import link_in_last_letter

    owner.post("/accounts/logout/")
    owner.post("/accounts/password/reset/", {"email": user.email})
    answer = owner.get(link_in_last_letter())
    owner.post(answer["Location"], {"password1": NEW, "password2": NEW})


def after_switching_off(run: Run) -> Iterator[Attempt]:
    """Keep a session through being switched off, for the day of being switched on again."""
    run.needs_code()
    from apps.access.credential import COMMAND_LINE
    from apps.accounts.administration import change

    with somebody() as user:
        thief = browser(run)
        sign_in(thief, user)
        before = is_in(thief)
        change(COMMAND_LINE, user, active=False)
        yield _ended("while switched off", before, is_in(thief))
        change(COMMAND_LINE, user, active=True)
        yield _ended("after being switched on again", before, is_in(thief))


def _ended(what: str, before: bool, after: bool) -> Attempt:
    return judged(
        what,
        stopped=before and not after,
        succeeded=before and after,
        evidence="still in" if after else "out",
    )


def readable_cookies(run: Run) -> Iterator[Attempt]:
    """Read the session's cookie in a script, or have another site send it along."""
    run.needs_code()
    with somebody() as user:
        victim = browser(run)
        victim.get("/accounts/login/")
        sign_in(victim, user)
        for name in ("session", "csrf"):
            cookie = victim.cookies[name]
            hidden = bool(cookie["httponly"]) and cookie["samesite"] in ("Lax", "Strict")
            yield judged(
                f"the cookie {name}",
                stopped=hidden,
                succeeded=not hidden,
                evidence=f"HttpOnly {bool(cookie['httponly'])}, SameSite {cookie['samesite']}",
            )


def stolen_content(run: Run) -> Iterator[Attempt]:
    """Steal the table of sessions, and read in it who signed in."""
    run.needs_code()
    with somebody() as user:
        visitor = browser(run)
        sign_in(visitor, user)
        inside = is_in(visitor)
        for what, value in (("address", user.email), ("id", str(user.pk))):
            found = any(value.encode() in one for one in _readable())
            yield judged(
                f"find the {what} of somebody who is signed in",
                stopped=inside and not found,
                succeeded=found,
                evidence="readable" if found else "sealed",
            )


def _readable() -> Iterator[bytes]:
    """What anybody gets out of the rows: as they are, and out of Django's own form."""
    for row in model("sessions.Session").objects.all():
        yield row.session_data.encode()
        text = row.session_data.removeprefix(".").split(":")[0]
        with suppress(ValueError):
            packed = urlsafe_b64decode(text + "==")
            yield packed
            with suppress(zlib.error):
                yield zlib.decompress(packed)
