"""Requests to the authorize endpoint that ask for what is not served (API2)."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from apps.workshop.attempts import Attempt, HonestUseBroken, judged
from apps.workshop.run import Run

from .oauth_app import CALLBACK, CHALLENGE, Scene, answer, is_consent, said, scene, told

_FLOWS = ("token", "id_token", "id_token token", "code token", "code id_token token")
_ADDRESSES = {
    "a suffix": CALLBACK + ".evil.example",
    "a longer path": CALLBACK + "/../evil",
    "a user before the host": "https://app.example.com@evil.example/callback",
    "an added query": CALLBACK + "?to=evil.example",
    "a fragment": CALLBACK + "#evil",
    "an encoded letter": "https://app.example.com/c%61llback",
    "plain http": "http://app.example.com/callback",
    "loopback, of a client on a server": "http://127.0.0.1:4000/callback",
    "another host": "https://evil.example/callback",
}


def tokens_in_the_address(run: Run) -> Iterator[Attempt]:
    """Have tokens come back through the browser, where histories and other pages read them."""
    with scene(run) as made:
        for kind in _FLOWS:
            response = made.ask(response_type=kind, nonce="n")
            yield told(kind, response, "unsupported_response_type")


def code_without_proof(run: Run) -> Iterator[Attempt]:
    """Steal a code on its way and trade it: the challenge beside it could be read."""
    with scene(run) as made:
        for what, method in (("plain", "plain"), ("plain by default", None)):
            response = made.ask(code_challenge_method=method, code_challenge=CHALLENGE)
            yield told(what, response, "invalid_request")


def code_without_challenge(run: Run) -> Iterator[Attempt]:
    """Leave the challenge out, or send one that is no hash."""
    with scene(run) as made:
        for what, challenge in (("none", None), ("a short one", "abc"), ("hexadecimal", "0" * 64)):
            yield told(what, made.ask(code_challenge=challenge), "invalid_request")


def other_addresses(run: Run) -> Iterator[Attempt]:
    """Have the code sent to an address that looks like the registered one."""
    with scene(run) as made:
        for what, uri in _ADDRESSES.items():
            response = made.ask(redirect_uri=uri)
            yield judged(
                what,
                stopped=response.status_code == 400 and "Location" not in response,
                succeeded=is_consent(response) or "Location" in response,
                evidence="a consent page" if is_consent(response) else said(response),
            )


def open_redirect(run: Run) -> Iterator[Attempt]:
    """Use our address to lead somebody elsewhere: an error is sent wherever the request says."""
    evil = "https://evil.example/"
    with scene(run) as made:
        for what, changes in (
            ("a foreign address", {"redirect_uri": evil}),
            ("a foreign address, and prompt=none", {"redirect_uri": evil, "prompt": "none"}),
            ("an unknown client", {"redirect_uri": evil, "client_id": "nobody"}),
        ):
            response = made.ask(response_type="token", **changes)
            leads = response.headers.get("Location", "")
            yield judged(
                what,
                stopped=response.status_code == 400 and not leads,
                succeeded=leads.startswith(evil),
                evidence=f"{response.status_code} {leads[:30]}".strip(),
            )


def without_issuer(run: Run) -> Iterator[Attempt]:
    """Mix up two servers: the client cannot tell whose answer it holds (RFC 9207)."""
    from django.conf import settings

    with scene(run) as made:
        answers = {
            "a code": made.allowed(),
            "an error": answer(made.ask(scope="admin")),
            "prompt=none": answer(made.ask(prompt="none", scope="write:offers")),
        }
        for what, got in answers.items():
            yield judged(
                what,
                stopped=got.get("iss") == settings.OAUTH_ISSUER,
                succeeded=bool(got) and "iss" not in got,
                evidence=f"iss={got.get('iss', 'nothing')}",
            )


def silent_pages(run: Run) -> Iterator[Attempt]:
    """Ask with prompt=none for what needs a page: a frame that nobody sees shows it, or breaks."""
    from .pages import browser

    with scene(run) as made:
        for what, visitor, error in (
            ("a stranger", browser(run), "login_required"),
            ("without consent", None, "consent_required"),
        ):
            response = made.ask(visitor, prompt="none")
            got = answer(response)
            yield judged(
                what,
                stopped=got.get("error") == error,
                succeeded=is_consent(response) or response.status_code == 500 or "next" in got,
                evidence=said(response),
            )


def wider_scope(run: Run) -> Iterator[Attempt]:
    """Have somebody asked for rights that the app was never registered for."""
    with scene(run) as made:
        for scope in ("admin", "openid write", "openid admin:users"):
            yield told(scope, made.ask(scope=scope), "invalid_scope")


def other_resource(run: Run) -> Iterator[Attempt]:
    """Get a token for a service that the app has nothing to do with (RFC 8707)."""
    with scene(run) as made:
        yield told("foreign", made.ask(resource="https://bank.example"), "invalid_target")


def old_sign_in(run: Run) -> Iterator[Attempt]:
    """Sit down at an open browser: the app asks for a young sign-in, and gets an old one."""
    with scene(run) as made:
        _grow_old(made, minutes=11)
        yield _proved("max_age=600, after eleven minutes", made.ask(max_age=600))


def no_new_sign_in(run: Run) -> Iterator[Attempt]:
    """The same, with an app that wants the password typed now."""
    with scene(run) as made:
        yield _proved("prompt=login", made.ask(prompt="login"))


def borrowed_moment(run: Run) -> Iterator[Attempt]:
    """Bring the moment of an older request, after which the password was typed."""
    from .pages import browser, sign_in

    with scene(run) as made:
        early = answer(made.ask(browser(run), prompt="login", state="another")).get("next", "")
        mark = parse_qs(early).get("begun", [""])[0]
        sign_in(made.visitor, made.user)
        made.visitor.post("/accounts/logout/")
        sign_in(made.visitor, made.user)
        yield _proved("another request's", made.ask(prompt="login", begun=mark))


def weak_sign_in(run: Run) -> Iterator[Attempt]:
    """Give a password where the app asks for a second factor."""
    from .pages import add_factor

    with scene(run) as made:
        add_factor(made.user)
        yield _proved("acr_values=mfa, signed in by password", made.ask(acr_values="mfa"))


def _proved(what: str, response: Any) -> Attempt:
    got = response.headers.get("Location", "")
    return judged(
        what,
        stopped="/accounts/reauthenticate/" in got,
        succeeded=is_consent(response) or "code=" in got,
        evidence="a consent page" if is_consent(response) else f"{response.status_code}",
    )


def young_sign_in(run: Run) -> None:
    """A sign-in that is young and strong enough is asked for nothing."""
    with scene(run) as made:
        if not is_consent(made.ask(max_age=600)):
            raise HonestUseBroken("a young sign-in is asked for again")
        _grow_old(made, minutes=1, method="totp")
        if not is_consent(made.ask(acr_values="mfa", max_age=600)):
            raise HonestUseBroken("a second factor is not seen")


def _grow_old(made: Scene, *, minutes: int, method: str = "") -> None:
    session = made.visitor.session
    proofs = session["account_authentication_methods"]
    for proof in proofs:
        proof["at"] = time.time() - 60 * minutes
    if method:
        proofs.append({"method": "mfa", "type": method, "at": time.time() - 60 * minutes})
    session["account_authentication_methods"] = proofs
    session.save()


def switched_off(run: Run) -> Iterator[Attempt]:
    """Get a code for somebody whose account was switched off, by the session that is still open."""
    from apps.accounts.models import User

    with scene(run) as made:
        made.allowed()
        User.objects.filter(pk=made.user.pk).update(is_active=False)
        yield told("prompt=none", made.ask(prompt="none"), "login_required")
