"""An app that sends people to the authorize endpoint, made for one attack."""

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from apps.workshop.attempts import Attempt, HonestUseBroken, judged
from apps.workshop.run import Run

from .pages import browser, sign_in, somebody

CALLBACK = "https://app.example.com/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:43]


@dataclass(frozen=True)
class Scene:
    """A client of ours, somebody who is signed in, and their browser."""

    app: Any
    secret: str | None
    user: Any
    visitor: Any

    def ask(self, visitor: Any = None, of: Any = None, **changes: Any) -> Any:
        """Send a browser to the authorize endpoint; None leaves a parameter out."""
        app = of or self.app
        values = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": app.redirect_uris[0],
            "scope": "openid read",
            "state": "s-1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        } | changes
        query = urlencode({k: v for k, v in values.items() if v is not None}, doseq=True)
        return (visitor or self.visitor).get(f"/oauth/authorize?{query}")

    def allow(self, page: Any, visitor: Any = None, **more: str) -> Any:
        """Press Allow on a consent page."""
        fields = {"ticket": ticket(page), "decision": "allow", **more}
        return (visitor or self.visitor).post("/oauth/consent", fields)

    def allowed(self, **changes: Any) -> dict[str, str]:
        """Ask and allow; what the app got. Raises HonestUseBroken."""
        page = self.ask(**changes)
        if not is_consent(page):
            raise HonestUseBroken(f"no consent page, but {said(page)}")
        return answer(self.allow(page))


@contextmanager
def scene(
    run: Run, *, public: bool = False, factor: bool = False, **fields: Any
) -> Iterator[Scene]:
    """Everything in it is gone after the attack."""
    run.needs_code()
    from apps.audit.actors import Operator
    from apps.oauth.lifecycle import create

    values: dict[str, Any] = {
        "name": "Offer Desk",
        "client_type": "public" if public else "confidential",
        "grant_types": "authorization_code refresh_token",
        "scopes": ["openid", "email", "read", "write:offers"],
        "redirect_uris": [CALLBACK],
    }
    with somebody(factor=factor) as user:
        app, secret = create(Operator(), **(values | fields))
        visitor = browser(run)
        sign_in(visitor, user)
        yield Scene(app, secret, user, visitor)


def ticket(page: Any) -> str:
    """What the form of a consent page carries; nothing where it is none."""
    found = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    return unescape(found[1]) if found else ""


def is_consent(page: Any) -> bool:
    return page.status_code == 200 and bool(ticket(page))


def answer(response: Any) -> dict[str, str]:
    """What a redirect brings to the app."""
    query = urlsplit(response.headers.get("Location", "")).query
    return {name: values[0] for name, values in parse_qs(query).items()}


def said(response: Any) -> str:
    """A few words that hold no code."""
    got = answer(response)
    return f"{response.status_code} {got.get('error', 'a code' if 'code' in got else '')}".strip()


def told(what: str, response: Any, error: str) -> Attempt:
    """The app should get this error, and neither a page nor a code."""
    got = answer(response)
    return judged(
        what,
        stopped=got.get("error") == error,
        succeeded=is_consent(response) or "code" in got,
        evidence="a consent page" if is_consent(response) else said(response),
    )


def flow(run: Run) -> None:
    """An honest app gets a code for an honest request."""
    with scene(run) as made:
        if set(made.allowed()) != {"code", "state", "iss"}:
            raise HonestUseBroken("an allowed request brings no code")
