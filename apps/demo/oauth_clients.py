"""The demo's OAuth clients: one of each kind, with the secrets that the file knows."""

from apps.agencies.models import Agency
from apps.agencies.roles import Role
from apps.audit.actors import Operator
from apps.oauth import lifecycle, token_format
from apps.oauth.models import OAuthClient

from .credentials import DemoClient, DemoFile

_FOR_PEOPLE = {
    "grant_types": "authorization_code refresh_token",
    "scopes": ["openid", "profile", "email", "read", "write"],
}
_CLIENTS = {
    "Demo web app": {
        **_FOR_PEOPLE,
        "client_type": "confidential",
        "redirect_uris": ["https://localhost:9443/callback"],
    },
    "Demo desktop app": {
        **_FOR_PEOPLE,
        "client_type": "public",
        "is_native": True,
        "redirect_uris": ["http://127.0.0.1/callback", "http://[::1]/callback"],
    },
    "Demo nightly export": {
        "client_type": "confidential",
        "grant_types": "client_credentials",
        "scopes": ["read:listings", "read:offers"],
        "role": Role.AGENT,
    },
}


def ensure_clients(agency: Agency, known: DemoFile) -> list[DemoClient]:
    """All of them, with the secrets of `known` where those still work."""
    remembered = {client.name: client for client in known.oauth_clients}
    return [
        _ensured(name, agency, fields, remembered.get(name)) for name, fields in _CLIENTS.items()
    ]


def remove_clients() -> None:
    """Switch them off, which ends what they hold, and forget them."""
    for client in OAuthClient.objects.filter(name__in=_CLIENTS):
        lifecycle.set_active(Operator(), client, False)
        client.delete()


def _ensured(
    name: str, agency: Agency, fields: dict[str, object], known: DemoClient | None
) -> DemoClient:
    client = OAuthClient.objects.filter(name=name, is_active=True).first()
    if client is None:
        client, secret = lifecycle.create(Operator(), name=name, agency=agency, **fields)
    elif not client.is_confidential:
        secret = None
    elif known and token_format.matches(known.client_secret or "", client.client_secret):
        secret = known.client_secret
    else:
        secret = lifecycle.rotate_secret(Operator(), client)
    return DemoClient(
        name=name,
        client_id=client.client_id,
        client_secret=secret,
        redirect_uris=client.redirect_uris,
        scopes=client.scopes,
    )
