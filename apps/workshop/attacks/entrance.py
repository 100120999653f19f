"""The way in (API2): who has an account, weak passwords, old links, where a login leads."""

import re
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any
from uuid import uuid4

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.inside import model
from apps.workshop.run import Run

from .flood import placed
from .pages import NEW, PASSWORD, browser, is_in, link_in_last_letter, sign_in, somebody

_ROUNDS = 4
_ELSEWHERE = (
    "https://attacker.example/",
    "//attacker.example/",
    "/\\attacker.example",
    "\\\\attacker.example",
    "http:attacker.example",
    "javascript:alert(1)",
    "/\t/attacker.example",
)
_WEAK = ("password1234", "gatehouse-2026!", "qwerty123456", "finalfantasy", "adminadminadmin")


def who_has_an_account(run: Run) -> Iterator[Attempt]:
    """Tell from the answer of the login which addresses are known, or switched off."""
    run.needs_code()
    nobody = f"{uuid4().hex}@attack.example.com"
    with somebody() as known, somebody() as off:
        model("accounts.User").objects.filter(pk=off.pk).update(is_active=False)
        unknown = _shown(_login(run, nobody, "a guess of mine"))
        for what, answer in (
            ("a wrong password", _login(run, known.email, "a guess of mine")),
            ("somebody switched off, right password", _login(run, off.email, PASSWORD)),
            ("somebody switched off, wrong password", _login(run, off.email, "a guess")),
        ):
            yield _same(what, answer.status_code == 200 and _shown(answer) == unknown)


def who_has_an_account_by_time(run: Run) -> Iterator[Attempt]:
    """Tell from the time of the login which addresses are known, or switched off."""
    run.needs_code()
    with somebody() as known, somebody() as off:
        model("accounts.User").objects.filter(pk=off.pk).update(is_active=False)
        usual = _seconds(lambda: _login(run, known.email, "a guess of mine"))
        for what, email in (
            ("nobody", f"{uuid4().hex}@attack.example.com"),
            ("somebody switched off", off.email),
        ):
            took = _seconds(lambda email=email: _login(run, email, "a guess of mine"))
            alike = 0.5 < took / usual < 2
            yield judged(
                what,
                stopped=alike,
                succeeded=not alike,
                evidence=f"{took:.2f} s beside {usual:.2f} s",
            )


def who_may_not_register(run: Run) -> Iterator[Attempt]:
    """Tell from the answer of a registration which addresses are known."""
    run.needs_code()
    fresh = f"{uuid4().hex}@attack.example.com"
    with somebody() as known:
        for what, ask in (("by API", _register), ("at the page", _sign_up)):
            one, other = ask(run, known.email), ask(run, f"{what[:2]}{fresh}")
            yield _same(what, one == other and one[0] in (202, 302))


def newcomer(run: Run) -> None:
    """Somebody new registers, proves the address by the link, and signs in."""
    run.needs_code()
    with somebody():
        email = f"{uuid4().hex}@attack.example.com"
        _register(run, email)
        visitor = browser(run)
        visitor.post(link_in_last_letter())
        user = model("accounts.User").objects.get(email=email)
        sign_in(visitor, user, NEW)
        if not is_in(visitor):
            raise HonestUseBroken("a newcomer does not get in")


def weak_passwords(run: Run) -> Iterator[Attempt]:
    """Register with a password that every list begins with."""
    run.needs_code()
    with somebody():
        for number, password in enumerate(_WEAK):
            body = {"email": f"{uuid4().hex}@attack.example.com", "password": password}
            answer = placed(run, number).post("accounts", body)
            yield refused(password, answer, 400, "validation_failed")


def cheap_hashes(run: Run) -> Iterator[Attempt]:
    """With a copy of the database: try a billion passwords a second."""
    run.needs_code()
    with somebody() as user:
        kind = "$".join(user.password.split("$")[:4])
        strong = kind == "bcrypt_sha256$$2b$12"
        yield judged("the hash of a password", stopped=strong, succeeded=not strong, evidence=kind)


def reset_link_twice(run: Run) -> Iterator[Attempt]:
    """Find an old reset link in a mailbox, and set the password once more."""
    run.needs_code()
    with somebody() as user:
        owner, thief = browser(run), browser(run)
        owner.post("/accounts/password/reset/", {"email": user.email})
        link = link_in_last_letter()
        used = _set_password(owner, link, NEW)
        taken = _set_password(thief, link, "the thief's own pass phrase")
        yield judged(
            "a link that was used", stopped=used and not taken, succeeded=taken, evidence=str(taken)
        )
    with somebody() as user:
        browser(run).post("/accounts/password/reset/", {"email": user.email})
        link = link_in_last_letter()
        sign_in(browser(run), user)
        taken = _set_password(browser(run), link, "the thief's own pass phrase")
        yield judged(
            "a link whose owner signed in since",
            stopped=not taken,
            succeeded=taken,
            evidence=str(taken),
        )


def reset_link_once(run: Run) -> None:
    """A forgotten password is set anew by the link."""
    run.needs_code()
    with somebody() as user:
        visitor = browser(run)
        visitor.post("/accounts/password/reset/", {"email": user.email})
        if not _set_password(visitor, link_in_last_letter(), NEW):
            raise HonestUseBroken("the link sets no password")


def next_elsewhere(run: Run) -> Iterator[Attempt]:
    """Send somebody a link to our login that leads to the thief's page afterwards."""
    run.needs_code()
    for target in _ELSEWHERE:
        with somebody() as user:
            where = sign_in(browser(run), user, next=target).headers.get("Location", "")
            ours = bool(re.match(r"/(?![/\\\s])", where))
            yield judged(target, stopped=ours, succeeded=bool(where) and not ours, evidence=where)


def next_here(run: Run) -> None:
    """A login leads to the page of ours that asked for it."""
    run.needs_code()
    with somebody() as user:
        answer = sign_in(browser(run), user, next="/docs/")
        if answer.headers.get("Location") != "/docs/":
            raise HonestUseBroken("next does not lead to our own page")


def others_rights(run: Run) -> Iterator[Attempt]:
    """Without being an admin: read who is here, and make oneself one."""
    for role in ("buyer", "agent", "manager", "auditor"):
        caller = run.caller(role)
        me = works(caller.get("me")).json["id"]
        yield refused(f"{role} lists users", caller.get("users"), 403, "not_permitted")
        change = caller.patch(f"users/{me}", {"role": "platform_admin"})
        yield refused(f"{role} becomes admin", change, 403, "not_permitted")


def stolen_admin_key(run: Run) -> Iterator[Attempt]:
    """With the key of an admin, and without the admin: change who may do what."""
    thief = run.caller("platform_admin")
    victim = works(run.caller("auditor").get("me")).json["id"]
    for what, body in (
        ("a role", {"role": "platform_admin"}),
        ("an account switched off", {"active": False}),
        ("nothing", {}),
    ):
        answer = thief.patch(f"users/{victim}", body)
        yield refused(what, answer, 403, "second_factor_required")


def admin_reads(run: Run) -> None:
    """An admin's key lists users."""
    works(run.caller("platform_admin").get("users?limit=2"))


def own_rights(run: Run) -> Iterator[Attempt]:
    """Change the own role or agency, where everything else would allow it."""
    run.needs_code()
    from apps.accounts.administration import change
    from apps.agencies.roles import Role
    from apps.core.problems import Problem
    from apps.workshop.inside import credential_of, undone

    email = run.user("platform_admin")["email"]
    with undone():
        by = credential_of(email)
        user = model("accounts.User").objects.get(email=email)
        for what, changes in (("role", {"role": Role.BUYER}), ("activity", {"active": False})):
            try:
                change(by, user, **changes)
                refusal = ""
            except Problem as problem:
                refusal = problem.code
            yield judged(
                f"the own {what}",
                stopped=refusal == "not_permitted",
                succeeded=not refusal,
                evidence=refusal or "changed",
            )


def others_role(run: Run) -> None:
    """An admin changes somebody else's role."""
    run.needs_code()
    from apps.accounts.administration import change
    from apps.agencies.roles import Role
    from apps.workshop.inside import credential_of, new_buyer, undone

    with undone():
        by = credential_of(run.user("platform_admin")["email"])
        if change(by, new_buyer(), role=Role.AUDITOR).membership.role != "auditor":
            raise HonestUseBroken("the role did not change")


def _login(run: Run, email: str, password: str) -> Any:
    form = {"login": email, "password": password}
    return browser(run).post("/accounts/login/", form)


def _shown(answer: Any) -> str:
    """The page without what is new on every page, and without what was typed."""
    text = answer.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r'name="login" value="[^"]*"', "", text)


def _same(what: str, same: bool) -> Attempt:
    evidence = "the same answer" if same else "another answer"
    return judged(what, stopped=same, succeeded=not same, evidence=evidence)


def _seconds(act: Callable[[], object]) -> float:
    def once() -> float:
        begun = time.perf_counter()
        act()
        return time.perf_counter() - begun

    return median(once() for _ in range(_ROUNDS))


def _register(run: Run, email: str) -> tuple[int, bytes]:
    answer = browser(run).post(
        "/api/v2/accounts", {"email": email, "password": NEW}, content_type="application/json"
    )
    return answer.status_code, answer.content if answer.status_code == 202 else b"?"


def _sign_up(run: Run, email: str) -> tuple[int, bytes]:
    answer = browser(run).post("/accounts/signup/", {"email": email, "password1": NEW})
    return answer.status_code, answer.content


def _set_password(visitor: Any, link: str, password: str) -> bool:
    answer = visitor.get(link)
    if answer.status_code != 302:
        return False
    fields = {"password1": password, "password2": password}
    return visitor.post(answer["Location"], fields).status_code == 302
