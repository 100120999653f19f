"""The tokens of a session: kept on the server, refreshed once, revoked at the end."""

import threading
import time
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from .sign_in import gatehouse

_KEPT = ("access_token", "refresh_token", "expires_at")
_EARLY = 30  # seconds before its end at which a token is replaced
#: Two requests of one page must not both refresh: the second would replay a token, and the provider
#: would take it for stolen and end the whole family.
_one_at_a_time = threading.Lock()


class SignedOut(Exception):
    """There is no session, or the provider has ended it."""


def keep(session: SessionBase, tokens: dict[str, Any]) -> None:
    """Begin a session. Its number is new, so that nobody who planted one is signed in with it."""
    session.cycle_key()
    session["tokens"] = {name: tokens[name] for name in _KEPT}
    session["email"] = tokens["userinfo"].get("email", "")


def current(session: SessionBase) -> str:
    """An access token that is good for some seconds more. Raises SignedOut."""
    tokens = session.get("tokens")
    if tokens is None:
        raise SignedOut
    if tokens["expires_at"] - _EARLY > time.time():
        return tokens["access_token"]
    with _one_at_a_time:
        return _refreshed(session)


def _refreshed(session: SessionBase) -> str:
    # What another request has stored while we waited for the lock.
    stored = type(session)(session.session_key)
    tokens = stored.get("tokens")
    if tokens is None:
        raise SignedOut
    if tokens["expires_at"] - _EARLY <= time.time():
        try:
            tokens |= gatehouse.fetch_access_token(
                grant_type="refresh_token", refresh_token=tokens["refresh_token"]
            )
        except OAuthError as error:
            stored.flush()
            raise SignedOut from error
        stored["tokens"] = {name: tokens[name] for name in _KEPT}
        stored.save()
    return tokens["access_token"]


def end(session: SessionBase) -> None:
    """Sign out: the session here, and the refresh token's whole family at the provider.

    Raises requests.RequestException where the provider could not be told.
    """
    tokens = session.get("tokens")
    session.flush()
    if tokens is not None:
        requests.post(
            gatehouse.load_server_metadata()["revocation_endpoint"],
            data={"token": tokens["refresh_token"], "token_type_hint": "refresh_token"},
            auth=(settings.CLIENT_ID, settings.CLIENT_SECRET),
            timeout=10,
        ).raise_for_status()
