"""Second factors (API2): codes used twice, guessed, stolen from the database, or gone around."""

import time
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from apps.workshop.attempts import Attempt, HonestUseBroken, judged
from apps.workshop.inside import model
from apps.workshop.run import Run

from .cells import cells
from .pages import NEW, SECRET, add_factor, browser, code, is_in, sign_in, somebody

_CODE = "/accounts/second-factors/authenticate/"


def code_twice(run: Run) -> Iterator[Attempt]:
    """Look over somebody's shoulder, and use their code again."""
    run.needs_code()
    from apps.accounts.totp import PERIOD, code_at

    now = int(time.time()) // PERIOD
    for what, ahead in (("the same code", 0), ("the code of half a minute before", -1)):
        with somebody(factor=True) as user:
            owner, thief = browser(run), browser(run)
            sign_in(owner, user)
            owner.post(_CODE, {"code": code_at(SECRET, now)})
            sign_in(thief, user)
            thief.post(_CODE, {"code": code_at(SECRET, now + ahead)})
            yield _kept_out(what, is_in(owner), thief)


def code_once(run: Run) -> None:
    """Password and code sign in."""
    run.needs_code()
    with somebody(factor=True) as user:
        visitor = browser(run)
        sign_in(visitor, user)
        visitor.post(_CODE, {"code": code()})
        if not is_in(visitor):
            raise HonestUseBroken("password and code do not sign in")


def guessed_codes(run: Run) -> Iterator[Attempt]:
    """With a stolen password: try one code after the other, from many places."""
    run.needs_code()
    with somebody(factor=True) as user:
        guessers = [browser(run) for _ in range(3)]
        for guesser in guessers:
            sign_in(guesser, user)
        for number in range(6):
            guesser = guessers[number % 3]
            answer = guesser.post(_CODE, {"code": f"{number:06}"})
        yield judged(
            "the sixth code in a quarter of an hour",
            stopped=answer.status_code == 429 and int(answer.headers["Retry-After"]) >= 1,
            succeeded=answer.status_code == 200,
            evidence=str(answer.status_code),
        )


def password_alone(run: Run) -> Iterator[Attempt]:
    """With a stolen password: go to the pages behind the code without it."""
    run.needs_code()
    with somebody(factor=True, role="platform_admin") as user:
        user.is_staff = user.is_superuser = True
        user.save()
        thief = browser(run)
        sign_in(thief, user)
        for path in ("/accounts/", "/accounts/sessions/", "/admin/"):
            answer = thief.get(path)
            yield judged(
                path,
                stopped=answer.status_code == 302,
                succeeded=answer.status_code == 200,
                evidence=str(answer.status_code),
            )
    with somebody(role="platform_admin") as user:
        user.is_staff = user.is_superuser = True
        user.save()
        thief = browser(run)
        sign_in(thief, user)
        answer = thief.get("/admin/accounts/user/")
        yield judged(
            "the admin site of somebody who has no second factor",
            stopped=answer.status_code == 302,
            succeeded=answer.status_code == 200,
            evidence=str(answer.status_code),
        )


def open_admin_session(run: Run) -> Iterator[Attempt]:
    """Find an admin's browser that was left open, and switch somebody off in it."""
    run.needs_code()
    with somebody(factor=True, role="platform_admin") as user, somebody() as victim:
        user.is_staff = user.is_superuser = True
        user.save()
        thief = browser(run)
        thief.force_login(user)
        session = thief.session
        proof = {"method": "mfa", "type": "totp", "at": time.time() - 11 * 60}
        session["account_authentication_methods"] = [proof]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        thief.post(f"/admin/accounts/user/{victim.pk}/change/", {"role": "buyer"})
        victim.refresh_from_db()
        yield judged(
            "a second factor of eleven minutes ago",
            stopped=victim.is_active,
            succeeded=not victim.is_active,
            evidence="unchanged" if victim.is_active else "switched off",
        )


def admin_with_factor(run: Run) -> None:
    """Staff who proved a second factor work in the admin site."""
    run.needs_code()
    with somebody(factor=True, role="platform_admin") as user:
        user.is_staff = user.is_superuser = True
        user.save()
        visitor = browser(run)
        sign_in(visitor, user)
        visitor.post(_CODE, {"code": code()})
        if visitor.get("/admin/accounts/user/").status_code != 200:
            raise HonestUseBroken("the admin site does not open")


def stolen_secrets(run: Run) -> Iterator[Attempt]:
    """With a copy of the database: make the codes of everybody's apps."""
    run.needs_code()
    with somebody(factor=True):
        found = [
            where
            for where, cell in cells()
            if SECRET.encode() in cell or b64encode(SECRET.encode()) in cell
        ]
        yield judged(
            "the secret in any cell",
            stopped=not found,
            succeeded=bool(found),
            evidence=f"found in {found[0]}" if found else "found nowhere",
        )


def copied_secrets(run: Run) -> Iterator[Attempt]:
    """With write access to the database: put the own app's secret in somebody else's place."""
    run.needs_code()
    with somebody(factor=True) as victim:
        from apps.accounts.users import vouch_for

        thief = model("accounts.User").objects.create_user("thief@attack.example.com", NEW)
        vouch_for(thief)
        add_factor(thief)
        rows = model("mfa.Authenticator").objects
        rows.filter(user=victim).update(data=rows.get(user=thief).data)
        visitor = browser(run)
        half = sign_in(visitor, victim).status_code == 302
        visitor.post(_CODE, {"code": code()})
        yield _kept_out("the thief's secret for the victim", half, visitor)


def _kept_out(what: str, honest: bool, thief: Any) -> Attempt:
    inside = is_in(thief)
    return judged(
        what,
        stopped=honest and not inside,
        succeeded=inside,
        evidence="the thief is in" if inside else "kept out",
    )
