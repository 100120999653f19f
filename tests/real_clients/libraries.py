"""Two client libraries that others have written, used as their documentation says."""

from abc import ABC, abstractmethod
from secrets import token_urlsafe
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from joserfc import jwt
from joserfc.jwk import KeySet
from requests_oauthlib import OAuth2Session

from .person import BACK

SCOPE = "openid email read"
NONCE = "a-nonce-of-this-test"
_PATIENCE = 20  # seconds


class Library(ABC):
    """A confidential client. It is told the issuer, and finds the rest by discovery."""

    def __init__(self, issuer: str, client_id: str, secret: str) -> None:
        self.client_id, self.secret = client_id, secret
        self.metadata = self.document(f"{issuer}/.well-known/openid-configuration")
        assert self.metadata["issuer"] == issuer
        self.session = self.made()

    @abstractmethod
    def made(self) -> requests.Session:
        """The library's own session."""

    @abstractmethod
    def begins(self) -> str:
        """The address to send the browser to."""

    @abstractmethod
    def finishes(self, address: str) -> dict[str, Any]:
        """The tokens for the address that the browser came back to."""

    @abstractmethod
    def refreshes(self) -> dict[str, Any]: ...

    def gets(self, address: str) -> requests.Response:
        """GET with the token."""
        return self.session.get(address, timeout=_PATIENCE)

    def revokes(self, token: str) -> int:
        return requests.post(
            self.metadata["revocation_endpoint"],
            data={"token": token, "token_type_hint": "refresh_token"},
            auth=(self.client_id, self.secret),
            timeout=_PATIENCE,
        ).status_code

    def reads(self, id_token: str) -> dict[str, Any]:
        """The claims of an ID token that a published key has signed."""
        keys = KeySet.import_key_set(self.document(self.metadata["jwks_uri"]))
        return jwt.decode(id_token, keys, algorithms=["RS256"]).claims

    def document(self, address: str) -> dict[str, Any]:
        return requests.get(address, timeout=_PATIENCE).json()


class Authlib(Library):
    """Authlib: the verifier is ours to keep."""

    def made(self) -> AuthlibSession:
        return AuthlibSession(
            self.client_id,
            self.secret,
            scope=SCOPE,
            redirect_uri=BACK,
            code_challenge_method="S256",
        )

    def begins(self) -> str:
        self.verifier = token_urlsafe(48)
        address, self.state = self.session.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=self.verifier, nonce=NONCE
        )
        return address

    def finishes(self, address: str) -> dict[str, Any]:
        return self.session.fetch_token(
            self.metadata["token_endpoint"],
            authorization_response=address,
            state=self.state,
            code_verifier=self.verifier,
        )

    def refreshes(self) -> dict[str, Any]:
        return self.session.refresh_token(self.metadata["token_endpoint"])


class RequestsOAuthlib(Library):
    """requests-oauthlib: it keeps verifier and state by itself."""

    def made(self) -> OAuth2Session:
        return OAuth2Session(self.client_id, scope=SCOPE.split(), redirect_uri=BACK, pkce="S256")

    def begins(self) -> str:
        endpoint = self.metadata["authorization_endpoint"]
        return self.session.authorization_url(endpoint, nonce=NONCE)[0]

    def finishes(self, address: str) -> dict[str, Any]:
        return self.session.fetch_token(
            self.metadata["token_endpoint"],
            authorization_response=address,
            client_secret=self.secret,
            include_client_id=False,
        )

    def refreshes(self) -> dict[str, Any]:
        return self.session.refresh_token(
            self.metadata["token_endpoint"], auth=(self.client_id, self.secret)
        )
