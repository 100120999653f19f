"""The sample clients: answers that are not for them, and what a page may do in their name.

Each is asked by a provider of our own, which tells it lies.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from apps.workshop.attempts import Attempt, HonestUseBroken, judged
from apps.workshop.lying_provider import CLIENT_ID, LyingProvider, lying_provider
from apps.workshop.run import Run
from apps.workshop.samples import Browser, backend, native

_ELSEWHERE = "https://other-provider.example"


def mixed_up(run: Run) -> Iterator[Attempt]:
    """Bring a client the answer of another provider, so that it hands out the code."""
    with _scene(run) as (provider, url):
        for what, iss in (("another issuer", _ELSEWHERE), ("no issuer", None)):
            yield _came_back(what, provider, url, iss=iss)


def forged_return(run: Run) -> Iterator[Attempt]:
    """Send somebody's browser back with an answer that it never asked for."""
    with _scene(run) as (provider, url):
        yield _came_back("no state", provider, url, state=None)
        yield _came_back("a state that was made up", provider, url, state="x" * 30)
        # The attacker began in a browser of their own, and agreed as themselves.
        answer = provider.agrees(Browser(url).get("/login").headers["Location"])
        victim = Browser(url)
        yield _judged("the attacker's own state", victim, victim.get("/callback", answer))


def injected_code(run: Run) -> Iterator[Attempt]:
    """Put a stolen code into an answer that one did ask for: its tokens are another's."""
    with _scene(run) as (provider, url):
        stolen = provider.agrees(Browser(url).get("/login").headers["Location"])["code"]
        yield _came_back("a code of another session", provider, url, code=stolen)


def another_audience(run: Run) -> Iterator[Attempt]:
    """Sign in at one website with what was made for another, or by another."""
    lies = {
        "for another client": {"aud": "another", "azp": CLIENT_ID},
        "for another client alone": {"aud": "another"},
        "by another issuer": {"iss": _ELSEWHERE},
        "ended": {"iat": 1_700_000_000, "exp": 1_700_000_300},
        "for another sign-in": {"nonce": "x" * 20},
    }
    with _scene(run) as (provider, url):
        for what, claims in lies.items():
            provider.claims = claims
            yield _came_back(what, provider, url)


def another_algorithm(run: Run) -> Iterator[Attempt]:
    """Sign an ID token with nothing, or with the public key, at a provider that names both."""
    run.needs_code()
    for algorithm in ("none", "HS256"):
        with lying_provider() as provider:
            named = ["RS256", "HS256", "none"]
            provider.metadata = {"id_token_signing_alg_values_supported": named}
            provider.algorithm = algorithm
            with backend(provider.issuer) as url:
                yield _came_back(algorithm, provider, url)


def planted_session(run: Run) -> Iterator[Attempt]:
    """Give somebody a session of one's own, and use it once they have signed in."""
    with _scene(run) as (provider, url):
        attacker = Browser(url)
        answer = provider.agrees(attacker.get("/login").headers["Location"])
        victim = Browser(url)
        victim.cookies = dict(attacker.cookies)
        victim.get("/callback", answer)
        taken = attacker.is_signed_in()
        yield judged(
            "the session from before",
            stopped=not taken and victim.is_signed_in(),
            succeeded=taken,
            evidence="signed in as another" if taken else "a new session",
        )


def ridden_session(run: Run) -> Iterator[Attempt]:
    """Write in somebody's name from another website, with the cookie that the browser adds."""
    with _scene(run) as (provider, url):
        victim = _signed_in(provider, url)
        forms = {"Content-Type": "text/plain", "Origin": "https://evil.example"}
        for what, path in (("adds a listing", "/api/listings"), ("signs them out", "/logout")):
            answer = victim.send("POST", path, headers=forms, content=b"{}")
            yield judged(
                what,
                stopped=answer.status_code == 403,
                succeeded=answer.status_code in (201, 204),
                evidence=str(answer.status_code),
            )


def open_proxy(run: Run) -> Iterator[Attempt]:
    """Reach from the page what the page has no business with."""
    with _scene(run) as (provider, url):
        victim = _signed_in(provider, url)
        for path in ("me/export", "users", "api-keys", "%2e%2e/v1/me"):
            answer = victim.get(f"/api/{path}")
            kept = "no business" in answer.text
            yield judged(path, stopped=kept, succeeded=not kept, evidence=str(answer.status_code))


def native_answers(run: Run) -> Iterator[Attempt]:
    """Call the native client's port from a page, before its own browser comes back."""
    run.needs_code()
    for what, changes in (
        ("no state", {"state": None}),
        ("a state that was made up", {"state": "é" * 10}),
        ("another issuer", {"iss": _ELSEWHERE}),
        ("no issuer", {"iss": None}),
    ):
        with lying_provider() as provider, native(provider.issuer) as (child, address):
            _return_to(address, provider.agrees(address, **changes))
            signed_in = child.wait(30) == 0
            redeemed = not provider.codes
            yield judged(
                what,
                stopped=not signed_in and not redeemed,
                succeeded=signed_in or redeemed,
                evidence="it hands out the code" if redeemed else "refused",
            )


def sign_in(run: Run) -> None:
    """Somebody signs in, is known, and signs out: then the tokens are revoked."""
    with _scene(run) as (provider, url):
        somebody = _signed_in(provider, url)
        somebody.get("/")
        token = {"X-CSRFToken": somebody.cookies["__Host-frontend-csrf"]}
        done = somebody.send("POST", "/logout", headers=token)
        if done.status_code != 204 or somebody.is_signed_in() or not provider.revoked:
            raise HonestUseBroken(f"signing out: {done.status_code}")


def native_sign_in(run: Run) -> None:
    """The native client signs somebody in."""
    run.needs_code()
    with lying_provider() as provider, native(provider.issuer) as (child, address):
        provider.claims = {}
        _return_to(address, provider.agrees(address))
        if child.wait(30) != 0 or not provider.revoked:
            raise HonestUseBroken("the native client did not sign in")


@contextmanager
def _scene(run: Run) -> Iterator[tuple[LyingProvider, str]]:
    run.needs_code()
    with lying_provider() as provider, backend(provider.issuer) as url:
        yield provider, url


def _came_back(what: str, provider: LyingProvider, url: str, **changes: str | None) -> Attempt:
    """Somebody asks to sign in, and is sent back with an answer that was tampered with."""
    victim = Browser(url)
    answer = provider.agrees(victim.get("/login").headers["Location"], **changes)
    return _judged(what, victim, victim.get("/callback", answer))


def _judged(what: str, victim: Browser, answer: httpx.Response) -> Attempt:
    signed_in = victim.is_signed_in()
    return judged(
        what,
        stopped=answer.status_code == 400 and not signed_in,
        succeeded=signed_in,
        evidence="signed in" if signed_in else str(answer.status_code),
    )


def _signed_in(provider: LyingProvider, url: str) -> Browser:
    somebody = Browser(url)
    answer = provider.agrees(somebody.get("/login").headers["Location"])
    if somebody.get("/callback", answer).status_code != 302 or not somebody.is_signed_in():
        raise HonestUseBroken("nobody can sign in")
    return somebody


def _return_to(address: str, answer: dict[str, Any]) -> None:
    target = parse_qs(urlsplit(address).query)["redirect_uri"][0]
    httpx.get(f"{target}?{urlencode(answer)}", timeout=30, trust_env=False)
