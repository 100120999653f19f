"""An authorization request, read in one way only, or refused (RFC 6749 4.1.1, OIDC Core 3.1.2).

The library would take hybrid responses, `plain`, a client without PKCE and any scope; it is asked
again when the code is made, but what stands here is what holds. Unknown parameters are ignored, as
RFC 6749 section 3.1 demands: `approval_prompt` is one of them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.http import QueryDict

from apps.access.challenges import ACR

from .answers import Error, Refused, Unanswerable, WayBack
from .grants import Grant
from .models import OAuthClient
from .scopes import KNOWN, default_of, may_ask

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # SHA-256 in base64url
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)
_VISIBLE = re.compile(r"[\x20-\x7e]*")
_LONGEST_NONCE = 255
#: Each at most once (RFC 6749 section 3.1); only `resource` may be repeated (RFC 8707 section 2).
_SINGLE = [
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "acr_values",
    "login_hint",
    "id_token_hint",
]
_UNSUPPORTED = {
    "request": Error.REQUEST_NOT_SUPPORTED,
    "request_uri": Error.REQUEST_URI_NOT_SUPPORTED,
    "registration": Error.REGISTRATION_NOT_SUPPORTED,
}


class Prompt(StrEnum):
    """The values of `prompt` that are served."""

    NONE = "none"
    LOGIN = "login"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in order. `second_factor`: it asks for `acr_values=mfa` (RFC 9470)."""

    client: OAuthClient
    back: WayBack
    scopes: tuple[str, ...]
    code_challenge: str
    nonce: str
    resources: tuple[str, ...]
    prompts: frozenset[Prompt]
    max_age: timedelta | None
    second_factor: bool
    login_hint: str
    id_token_hint: str

    @property
    def is_silent(self) -> bool:
        """No page may be shown."""
        return Prompt.NONE in self.prompts


def read(query: QueryDict) -> Asked:
    """Raises Unanswerable for an unknown client or address, else Refused for the first fault."""
    client = _client(query)
    back = _way_back(query, client)

    def refuse(error: Error, description: str) -> Refused:
        return Refused(back, error, description)

    for name, error in _UNSUPPORTED.items():
        if name in query:
            raise refuse(error, f"The parameter {name} is not supported")
    if twice := [name for name in _SINGLE if len(query.getlist(name)) > 1]:
        raise refuse(Error.INVALID_REQUEST, f"The parameter {twice[0]} came more than once")
    if not _VISIBLE.fullmatch(query.get("state", "")):
        raise refuse(Error.INVALID_REQUEST, "state has characters beside printable ASCII")
    _refuse_other_flows(query, client, refuse)
    prompts = _prompts(query, refuse)
    nonce = query.get("nonce", "")
    if len(nonce) > _LONGEST_NONCE or not _VISIBLE.fullmatch(nonce):
        raise refuse(Error.INVALID_REQUEST, "nonce is printable ASCII of at most 255 characters")
    return Asked(
        client=client,
        back=back,
        scopes=_scopes(query, client, refuse),
        code_challenge=query["code_challenge"],
        nonce=nonce,
        resources=_resources(query, client, refuse),
        prompts=prompts,
        max_age=_max_age(query, refuse),
        second_factor=_second_factor(query, refuse),
        login_hint=query.get("login_hint", "")[:254],
        id_token_hint=query.get("id_token_hint", ""),
    )


_Refuse = Callable[[Error, str], Refused]


def _client(query: QueryDict) -> OAuthClient:
    named = query.getlist("client_id")
    if len(named) != 1 or not _VISIBLE.fullmatch(named[0]):
        raise Unanswerable("No application is named, or more than one.")
    client = OAuthClient.objects.filter(client_id=named[0], is_active=True).first()
    if client is None:
        raise Unanswerable("The application is not registered here, or was switched off.")
    return client


def _way_back(query: QueryDict, client: OAuthClient) -> WayBack:
    named = query.getlist("redirect_uri")
    if len(named) != 1 or not client.redirect_uri_allowed(named[0]):
        raise Unanswerable("The address to return to is not one that the application registered.")
    # Of two states neither is the client's.
    states = query.getlist("state")
    return WayBack(named[0], states[0] if len(states) == 1 and states[0] else None)


def _refuse_other_flows(query: QueryDict, client: OAuthClient, refuse: _Refuse) -> None:
    response_type = query.get("response_type", "")
    if not response_type:
        raise refuse(Error.INVALID_REQUEST, "response_type is missing")
    if response_type != "code":
        raise refuse(Error.UNSUPPORTED_RESPONSE_TYPE, "The only response_type is code")
    if query.get("response_mode", "query") != "query":
        raise refuse(Error.INVALID_REQUEST, "The only response_mode is query")
    if Grant.AUTHORIZATION_CODE not in client.grants:
        raise refuse(Error.UNAUTHORIZED_CLIENT, "This client may not act for people")
    if query.get("code_challenge_method", "plain") != "S256":
        raise refuse(Error.INVALID_REQUEST, "PKCE with code_challenge_method=S256 is required")
    if not _CHALLENGE.fullmatch(query.get("code_challenge", "")):
        raise refuse(Error.INVALID_REQUEST, "code_challenge is no SHA-256 in base64url")


def _prompts(query: QueryDict, refuse: _Refuse) -> frozenset[Prompt]:
    words = set(query.get("prompt", "").split())
    if "select_account" in words:
        raise refuse(Error.ACCOUNT_SELECTION_REQUIRED, "Accounts are not chosen here")
    if words - set(Prompt):
        raise refuse(Error.INVALID_REQUEST, "prompt is none, or login and consent")
    if Prompt.NONE in words and len(words) > 1:
        raise refuse(Error.INVALID_REQUEST, "prompt=none stands alone")
    return frozenset(Prompt(word) for word in words)


def _scopes(query: QueryDict, client: OAuthClient, refuse: _Refuse) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(query.get("scope", "").split()))
    if not asked:
        asked = tuple(default_of(client.scopes))
    if not asked:
        raise refuse(Error.INVALID_SCOPE, "scope is missing: no scope means no access")
    if not set(asked) <= set(KNOWN):
        raise refuse(Error.INVALID_SCOPE, "scope has a word that is none here")
    if not all(may_ask(client.scopes, scope) for scope in asked):
        raise refuse(Error.INVALID_SCOPE, "The client is not registered for all of these scopes")
    return asked


def _resources(query: QueryDict, client: OAuthClient, refuse: _Refuse) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(query.getlist("resource")))
    if not set(asked) <= {settings.OAUTH_RESOURCE, *client.resources}:
        raise refuse(Error.INVALID_TARGET, "The client is not registered for this resource")
    return asked


def _max_age(query: QueryDict, refuse: _Refuse) -> timedelta | None:
    text = query.get("max_age", "")
    if not text:
        return None
    if not _SECONDS.fullmatch(text):
        raise refuse(Error.INVALID_REQUEST, "max_age is a number of seconds")
    return timedelta(seconds=int(text))


def _second_factor(query: QueryDict, refuse: _Refuse) -> bool:
    asked = query.get("acr_values", "").split()
    if asked and ACR not in asked:
        raise refuse(Error.UNMET_AUTHENTICATION_REQUIREMENTS, f"The only acr here is {ACR}")
    return bool(asked)
