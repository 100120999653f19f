"""A client and a person of the provider, made for one attack from inside, and gone after it.

Codes are made by the server itself, as the consent page has them made: no attack here is about
that page. Everything else goes over HTTP.
"""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from .attacks.people import person
from .attempts import Attempt, HonestUseBroken, judged
from .run import Run
from .target import Answer

BACK = "https://client.attack.example/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:43]
ALONE = {"grant_type": "client_credentials"}
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Party:
    """A registered client; `row` is its row, `secret` None for a public one."""

    run: Run
    row: Any
    secret: str | None

    def ask(self, path: str, source: str = "", **form: Any) -> Answer:
        """A form to /oauth/PATH, as this client sends it."""
        return send(self.run, path, form, self.row.client_id, self.secret, source=source)

    def code(self, user_id: Any, *scopes: str, **more: Any) -> str:
        """A code of this person for this client."""
        from apps.accounts.models import User
        from apps.oauth.server import Server
        from apps.oauth.sign_in import SignIn

        query = {
            "client_id": self.row.client_id,
            "response_type": "code",
            "redirect_uri": BACK,
            "scope": " ".join(scopes),
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **more,
        }
        user = User.objects.get(pk=user_id)
        headers, _, _ = Server().create_authorization_response(
            f"/oauth/authorize?{urlencode(query)}",
            scopes=list(scopes),
            credentials={"user": user, "sign_in": SignIn(datetime.now(UTC), ("password",))},
        )
        return parse_qs(urlsplit(headers["Location"]).query)["code"][0]

    def trade(self, code: str, **changes: str) -> Answer:
        form = {"code": code, "redirect_uri": BACK, "code_verifier": VERIFIER, **changes}
        return self.ask("token", grant_type="authorization_code", **form)

    def refresh(self, token: str, **more: str) -> Answer:
        return self.ask("token", grant_type="refresh_token", refresh_token=token, **more)

    def pair(self, user_id: Any, *scopes: str) -> dict[str, Any]:
        """What a code was traded for. Raises HonestUseBroken."""
        return given(self.trade(self.code(user_id, *scopes)))


@contextmanager
def party(run: Run, **fields: Any) -> Iterator[Party]:
    """A confidential client for people, unless said otherwise."""
    run.needs_code()
    from apps.audit.actors import Operator
    from apps.oauth import lifecycle

    values = {
        "name": "Made for an attack",
        "client_type": "confidential",
        "grant_types": "authorization_code refresh_token",
        "scopes": ["read", "write"],
        "redirect_uris": [BACK],
        **fields,
    }
    row, secret = lifecycle.create(Operator(), **values)
    try:
        yield Party(run, row, secret)
    finally:
        row.delete()


def service(**fields: Any) -> dict[str, Any]:
    """The fields of a client that acts for itself."""
    return {
        "grant_types": "client_credentials",
        "redirect_uris": [],
        "scopes": ["read"],
        **fields,
    }


@contextmanager
def scene(run: Run, *clients: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The id of an agent of ours, and a client for each set of fields."""
    run.needs_code()
    with ExitStack() as stack:
        someone = stack.enter_context(person(run, "agent"))
        made = [stack.enter_context(party(run, **fields)) for fields in clients or ({},)]
        yield (someone, *made)


def send(
    run: Run, path: str, form: dict[str, Any], name: str, secret: str | None, *, source: str = ""
) -> Answer:
    """A form to /oauth/PATH by whoever says to be the client of this name."""
    headers = {"Content-Type": _FORM}
    if secret is None:
        form = {**form, "client_id": name}
    else:
        headers["Authorization"] = basic(name, secret)
    body = urlencode(form, doseq=True).encode()
    return run.sending(headers, source).send("POST", f"/oauth/{path}", body, patient=False)


def basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def given(answer: Answer) -> dict[str, Any]:
    """The tokens of an honest request. Raises HonestUseBroken."""
    if answer.status != 200:
        raise HonestUseBroken(f"expected 200, got {said(answer)}")
    return answer.json


def opens(run: Run, token: str) -> Answer:
    """What the API answers to this token."""
    return run.with_key(token).get("/api/v2/me")


def denied(what: str, answer: Answer, status: int, error: str) -> Attempt:
    """An attempt at /oauth that should end with this error of RFC 6749; 2xx means it was let."""
    stopped = answer.status == status and (answer.json or {}).get("error") == error
    return judged(what, stopped=stopped, succeeded=answer.status == 200, evidence=said(answer))


def dead(what: str, answer: Answer) -> Attempt:
    """An attempt to use a token at the API that should be over."""
    stopped = answer.status == 401 and answer.code == "credentials_invalid"
    return judged(what, stopped=stopped, succeeded=answer.status == 200, evidence=answer.summary)


def said(answer: Answer) -> str:
    return f"{answer.status} {(answer.json or {}).get('error', '')}".strip()
