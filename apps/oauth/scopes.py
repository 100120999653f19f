"""The scopes that a client may be registered for: ours, and OpenID's three."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from oauth2_provider.scopes import BaseScopes

from apps.access.scopes import Scope, allows

if TYPE_CHECKING:
    from .models import OAuthClient

OPENID = ("openid", "profile", "email")
#: The closed set, in the order of the discovery document.
KNOWN = (*OPENID, *Scope)
_API = frozenset(Scope)


class ClientScopes(BaseScopes):
    """What the library asks. Nothing asked for is nothing but the narrowest: never everything."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope: scope for scope in KNOWN}

    def get_available_scopes(self, application: "OAuthClient", *_: Any, **__: Any) -> list[str]:
        return application.scopes

    def get_default_scopes(self, application: "OAuthClient", *_: Any, **__: Any) -> list[str]:
        return default_of(application.scopes)


def default_of(registered: Iterable[str]) -> list[str]:
    """What a request without `scope` asks for: of the client's scopes those that only read."""
    return [text for text in registered if text.partition(":")[0] == "read"]


def may_ask(registered: Iterable[str], scope: str, alone: bool = False) -> bool:
    """Is it one of these, or covered by one? A client that acts alone signs nobody in."""
    if scope in OPENID:
        return not alone and scope in registered
    return scope in _API and allows(of_api(registered), Scope(scope))


def allowed(registered: Iterable[str], scopes: Iterable[str]) -> list[str]:
    """Those of `scopes` that a client which is registered so may have."""
    return [scope for scope in scopes if may_ask(registered, scope)]


def of_api(texts: Iterable[str]) -> frozenset[Scope]:
    """Those that mean something below /api: OpenID's open nothing there."""
    return frozenset(Scope(text) for text in texts if text not in OPENID)
