"""What the provider signs and says of itself (API2, API8)."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from apps.workshop.attempts import Attempt, HonestUseBroken, judged
from apps.workshop.run import Run

from .inside_keys import id_token, opens
from .oauth_app import CALLBACK, VERIFIER, Scene, answer, is_consent, scene, told

_DISCOVERY = "/.well-known/openid-configuration"


def stale_key(run: Run) -> Iterator[Attempt]:
    """Sign ID tokens with a key that was stolen, after everybody was told."""
    with scene(run) as made:
        from apps.oauth import signing_keys

        signing_keys.ensure()
        stolen = signing_keys.current()
        signing_keys.rotate(compromised=True)
        good = opens(id_token(made, stolen), _keys(run))
        yield judged(
            "the stolen key",
            stopped=not good,
            succeeded=good,
            evidence="clients believe it" if good else "unknown to clients",
        )


def unknown_key(run: Run) -> Iterator[Attempt]:
    """Rotate while every client keeps the key set of an hour ago: what is signed now is refused."""
    with scene(run) as made:
        from apps.oauth import signing_keys

        signing_keys.ensure()
        kept = _keys(run)
        signing_keys.rotate()
        good = opens(id_token(made, signing_keys.current()), kept)
        yield judged(
            "right after a rotation",
            stopped=good,
            succeeded=not good,
            evidence="believed" if good else "refused by every client",
        )


def rotation(run: Run) -> None:
    """A rotation publishes the next key at once, beside the one that signs."""
    with scene(run) as made:
        from apps.oauth import signing_keys

        signing_keys.ensure()
        if not opens(id_token(made, signing_keys.current()), _keys(run)):
            raise HonestUseBroken("the key set does not open what is signed")


def _keys(run: Run) -> bytes:
    return run.anonymous.get("/.well-known/jwks.json").body


def borrowed_host(run: Run) -> Iterator[Attempt]:
    """Fetch discovery under another name, so that a cache gives it to others."""
    honest = run.anonymous.get(_DISCOVERY).json["issuer"]
    for what, headers in (
        ("Host", {"Host": "127.0.0.1"}),
        ("X-Forwarded-Host", {"X-Forwarded-Host": "evil.example"}),
    ):
        got = (run.anonymous.get(_DISCOVERY, **headers).json or {}).get("issuer", "")
        yield judged(what, stopped=got == honest, succeeded=got not in ("", honest), evidence=got)


def discovered(run: Run) -> None:
    """Discovery names an issuer, and the keys are where it says."""
    document = run.anonymous.get(_DISCOVERY).json
    keys = run.anonymous.get(urlsplit(document["jwks_uri"]).path)
    if "keys" not in (keys.json or {}):
        raise HonestUseBroken("the keys are not where discovery says")


def false_promises(run: Run) -> Iterator[Attempt]:
    """Take discovery at its word: each response type and prompt that it names has to be served."""
    document = run.anonymous.get(_DISCOVERY).json
    with scene(run) as made:
        for kind in document["response_types_supported"]:
            yield _kept(f"response_type={kind}", made.ask(response_type=kind))
        for method in document["code_challenge_methods_supported"]:
            yield _kept(f"PKCE {method}", made.ask(code_challenge_method=method))


def _kept(what: str, response: Any) -> Attempt:
    return judged(
        what,
        stopped=is_consent(response),
        succeeded="error" in answer(response),
        evidence="served" if is_consent(response) else answer(response).get("error", "?"),
    )


def claims_without_openid(run: Run) -> Iterator[Attempt]:
    """Learn who somebody is with a token that was never for that."""
    with scene(run) as made:
        held = _tokens(run, made, scope="read")
        response = run.with_key(held["access_token"]).get("/oauth/userinfo")
        yield judged(
            "a token to read listings",
            stopped=response.status == 403,
            succeeded=response.status == 200,
            evidence=response.summary,
        )


def claims_with_openid(run: Run) -> None:
    """An app that signs people in learns who they are."""
    with scene(run) as made:
        from apps.oauth import signing_keys

        signing_keys.ensure()
        held = _tokens(run, made, scope="openid email")
        got = run.with_key(held["access_token"]).get("/oauth/userinfo").json or {}
        if got.get("email") != made.user.email:
            raise HonestUseBroken("userinfo does not say who signed in")


def hint_of_another(run: Run) -> Iterator[Attempt]:
    """Ask for the owner of an ID token, and get a code for who happens to be signed in."""
    from .pages import somebody

    with scene(run) as made, somebody() as other:
        from apps.oauth import signing_keys

        signing_keys.ensure()
        made.allowed()
        hint = id_token(made, signing_keys.current(), of=other)
        yield told("somebody else's", made.ask(prompt="none", id_token_hint=hint), "login_required")


def _tokens(run: Run, made: Scene, **asked: Any) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": made.allowed(**asked)["code"],
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": made.app.client_id,
        "client_secret": made.secret,
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    response = run.sending(kind).post("/oauth/token", urlencode(form).encode())
    if response.status != 200:
        raise HonestUseBroken(f"no token for a code: {response.status}")
    return json.loads(response.body)
