"""What a test of this room asks of a provider, be it the stock library's or ours."""

import base64
import hashlib
import json
import re
import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

T = TypeVar("T")
BACK = "https://client.example/back"


@dataclass(frozen=True)
class Answer:
    """One response; header names are in lower case."""

    status: int
    headers: dict[str, str]
    text: str

    @cached_property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def challenge(self) -> str:
        """WWW-Authenticate, or nothing."""
        return self.headers.get("www-authenticate", "")

    @property
    def back(self) -> dict[str, str]:
        """What a redirect to the client says: its query and its fragment. Empty for any other."""
        target = self.headers.get("location", "")
        if not target.startswith(BACK):
            return {}
        parts = urlsplit(target)
        said = parse_qs(parts.query) | parse_qs(parts.fragment)
        return {name: values[0] for name, values in said.items()}


class Provider(ABC):
    """Both have the same clients, and one user, Ana, who has a session.

    `app` is public, `web` confidential, both with the authorization code; `service` and `other` are
    confidential with client credentials, `blank` is public and its secret is empty.
    """

    is_stock: bool
    authorize: str
    #: Where the form of the consent page goes, and the button that agrees.
    agreed: tuple[str, dict[str, str]]
    token: str
    revoke: str
    introspect: str
    discovery: str
    #: Three routes of the API: one that wants `read`, one that wants `admin`, one for everybody.
    me: str
    administration: str
    open: str

    def says(self, *, stock: T, ours: T) -> T:
        """What is expected of this one."""
        return stock if self.is_stock else ours

    @abstractmethod
    def send(
        self, method: str, path: str, headers: dict[str, str], body: str, *, as_ana: bool
    ) -> Answer:
        """One request; `as_ana` sends her session along. `body` is a form."""

    @abstractmethod
    def client_id(self, name: str) -> str: ...

    @abstractmethod
    def secret(self, name: str) -> str: ...

    @abstractmethod
    def deactivate(self) -> None:
        """Ana's account is closed by an administrator."""

    @abstractmethod
    def change_password(self) -> None:
        """Ana takes another password, because she fears for the old one."""

    @abstractmethod
    def age(self, days: int) -> None:
        """Ana's first consent was given so many days ago; the newest refresh token is of today."""

    @abstractmethod
    def at_rest(self) -> str:
        """All that the database says about authorization codes."""

    @abstractmethod
    def prove_secret(self) -> bool:
        """Compare the right secret of a client with what is stored, as the provider does."""

    def get(self, path: str, token: str = "", *, as_ana: bool = False, **query: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        path = f"{path}?{urlencode(query)}" if query else path
        return self.send("GET", path, headers, "", as_ana=as_ana)

    def post(self, path: str, client: str = "", *, as_ana: bool = False, **form: str) -> Answer:
        """A form; by HTTP Basic in the name of a client where one is named."""
        headers = self.basic(self.client_id(client), self.secret(client)) if client else {}
        return self.send("POST", path, headers, urlencode(form), as_ana=as_ana)

    def basic(self, client_id: str, secret: str) -> dict[str, str]:
        pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def asks(self, verifier: str, client: str = "app", **more: str) -> dict[str, str]:
        """The parameters of an authorization request."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        return {
            "response_type": "code",
            "client_id": self.client_id(client),
            "redirect_uri": BACK,
            "scope": "openid read",
            "state": "a-state",
            "nonce": "a-nonce",
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
            **more,
        }

    def consents(self, asked: dict[str, str]) -> Answer:
        """Ana looks at the page and agrees; the answer that sends her back to the client."""
        page = self.get(self.authorize, as_ana=True, **asked)
        if page.status != 200:
            return page
        path, button = self.agreed
        return self.post(path, as_ana=True, **self.filled(page.text), **button)

    def filled(self, page: str) -> dict[str, str]:
        """The hidden fields of the page, as a browser would send them."""
        hidden = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page)
        return {_attribute(tag, "name"): _attribute(tag, "value") for tag in hidden}

    def code(self, verifier: str, client: str = "app", **more: str) -> str:
        return self.consents(self.asks(verifier, client, **more)).back["code"]

    def redeem(self, code: str, verifier: str) -> Answer:
        return self.post(
            self.token,
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            redirect_uri=BACK,
            client_id=self.client_id("app"),
        )

    def tokens(self, **more: str) -> dict[str, Any]:
        """The answer of the token endpoint after Ana agreed."""
        verifier = fresh_verifier()
        answer = self.redeem(self.code(verifier, **more), verifier)
        assert answer.status == 200, answer
        return answer.json

    def refresh(self, refresh_token: str) -> Answer:
        form = {"refresh_token": refresh_token, "client_id": self.client_id("app")}
        return self.post(self.token, grant_type="refresh_token", **form)


def fresh_verifier() -> str:
    return secrets.token_urlsafe(48)


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""
