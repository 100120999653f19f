"""Consent that nobody gave, or gave for something else (API2)."""

from collections.abc import Iterator
from typing import Any

from apps.workshop.attempts import Attempt, HonestUseBroken, judged
from apps.workshop.run import Run

from .oauth_app import Scene, answer, is_consent, said, scene, ticket, told
from .pages import browser, sign_in, somebody


def skipped_by_parameter(run: Run) -> Iterator[Attempt]:
    """Tell the server not to ask."""
    with scene(run) as made:
        made.allowed(scope="read")
        for extra in (
            {"approval_prompt": "auto"},
            {"skip_authorization": "true"},
            {"decision": "allow"},
        ):
            response = made.ask(scope="read write:offers", **extra)
            yield _asked(next(iter(extra)), response)


def grown_silently(run: Run) -> Iterator[Attempt]:
    """Be allowed to read, and then ask for more without a page."""
    with scene(run) as made:
        made.allowed(scope="read")
        yield _asked("with a page", made.ask(scope="read write:offers"))
        silent = made.ask(scope="read write:offers", prompt="none")
        yield told("without one", silent, "consent_required")


def borrowed_name(run: Run) -> Iterator[Attempt]:
    """Pose as a native app that was allowed before: nobody can prove to be one (RFC 8252 8.6)."""
    uri = "http://127.0.0.1/callback"
    with scene(run, public=True, is_native=True, redirect_uris=[uri]) as made:
        made.allowed()
        elsewhere = "http://127.0.0.1:49152/callback"
        yield _asked("on another port", made.ask(redirect_uri=elsewhere))
        yield told("silently", made.ask(prompt="none"), "consent_required")


def forged_answer(run: Run) -> Iterator[Attempt]:
    """Send the form from a page of the thief's, with everything but its token."""
    with scene(run) as made:
        made.visitor.handler.enforce_csrf_checks = True
        for what, headers in (
            ("a foreign page", {"Origin": "https://attacker.example"}),
            ("nowhere", {}),
        ):
            fields = {"ticket": ticket(made.ask()), "decision": "allow"}
            response = made.visitor.post("/oauth/consent", fields, headers=headers)
            yield _given(what, response, 403)


def answer_of_another(run: Run) -> Iterator[Attempt]:
    """Have somebody send a form that was shown to the thief: the thief's app becomes theirs."""
    with scene(run) as made, somebody() as thief:
        other = browser(run)
        sign_in(other, thief)
        page = made.ask(other)
        yield _given("shown to another", made.allow(page), 400)
        again = browser(run)
        sign_in(again, made.user)
        yield _given("shown in another session", made.allow(made.ask(again)), 400)


def more_than_shown(run: Run) -> Iterator[Attempt]:
    """Change what the form says in between: other scopes, another address."""
    with scene(run) as made:
        made.allow(made.ask(scope="read"), scope="openid read write:offers")
        family = made.app.families.latest("started_at")
        yield judged(
            "other scopes",
            stopped=family.scopes == ["read"],
            succeeded="write:offers" in family.scopes,
            evidence=" ".join(family.scopes),
        )


def framed(run: Run) -> Iterator[Attempt]:
    """Put the page, invisible, under something that people like to click."""
    with scene(run) as made:
        page = made.ask()
        policy = page.headers.get("Content-Security-Policy", "")
        old = page.headers.get("X-Frame-Options") == "DENY"
        new = "frame-ancestors 'none'" in policy
        yield judged(
            "a frame",
            stopped=old and new,
            succeeded=not old and not new,
            evidence=f"framed by {'nobody' if old and new else 'some'}",
        )


def foreign_app_ended(run: Run) -> Iterator[Attempt]:
    """Cut off an app of somebody else, by its id."""
    from .people import Person

    with scene(run) as made, somebody() as thief:
        made.allowed()
        app = made.app.consents.get()
        caller = run.with_key(Person(thief.pk).key("write"))
        response = caller.delete(f"/api/v2/me/connected-apps/{app.pk}")
        yield _cut("by the API", made, response.status)
        visitor = browser(run)
        sign_in(visitor, thief)
        response = visitor.post("/accounts/connected-apps/", {"app": str(app.pk)})
        yield _cut("by the page", made, response.status_code)


def own_app_ended(run: Run) -> None:
    """Who allowed an app takes its access back, and it is asked about again."""
    with scene(run) as made:
        made.allowed()
        if "code" not in answer(made.ask()):
            raise HonestUseBroken("what was allowed is not remembered")
        app = made.app.consents.get()
        made.visitor.post("/accounts/connected-apps/", {"app": str(app.pk)})
        if not is_consent(made.ask()):
            raise HonestUseBroken("an app that was cut off is not asked about")


def _cut(what: str, made: Scene, status: int) -> Attempt:
    left = made.app.consents.exists()
    return judged(
        what,
        stopped=left and status == 404,
        succeeded=not left,
        evidence=f"{status}, {'still' if left else 'no more'} connected",
    )


def _asked(what: str, response: Any) -> Attempt:
    return judged(
        what,
        stopped=is_consent(response),
        succeeded="code" in answer(response),
        evidence="a consent page" if is_consent(response) else said(response),
    )


def _given(what: str, response: Any, status: int) -> Attempt:
    return judged(
        what,
        stopped=response.status_code == status,
        succeeded="code" in answer(response),
        evidence=said(response),
    )
