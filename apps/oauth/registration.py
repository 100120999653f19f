"""What a client may be registered as. Pure: reads the row, asks nothing, changes nothing."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from . import redirect_uris
from .grants import Grant
from .scopes import KNOWN

if TYPE_CHECKING:
    from .models import OAuthClient


def faults(client: "OAuthClient") -> dict[str, list[str]]:
    """Everything that contradicts, by field; nothing where the client is in order."""
    found: dict[str, list[str]] = {}

    def add(field: str, *words: str) -> None:
        found.setdefault(field, []).extend(words)

    try:
        grants = client.grants
    except ValueError:
        return {"grant_types": ["There is no such grant here."]}
    if Grant.CLIENT_CREDENTIALS in grants and not client.is_confidential:
        add("grant_types", "A client without a secret cannot act for itself.")
    if client.is_native and client.is_confidential:
        add("is_native", "A program on people's devices keeps no secret.")
    if client.serves and not client.is_confidential:
        add("serves", "A resource server proves who it is.")
    if unknown := sorted(set(client.scopes) - set(KNOWN)):
        add("scopes", f"Unknown: {' '.join(unknown)}.")
    if Grant.AUTHORIZATION_CODE in grants and not client.redirect_uris:
        add("redirect_uris", "People have to be sent back somewhere.")
    for uri in client.redirect_uris:
        if wrong := redirect_uris.fault(uri, native=client.is_native):
            add("redirect_uris", f"{uri}: {wrong}")
    for origin in client.allowed_origins:
        if not is_origin(origin):
            add("allowed_origins", f"{origin}: It is no https origin, such as https://app.example.")
    for resource in [*client.resources, *filter(None, [client.serves])]:
        if not is_resource(resource):
            field = "serves" if resource == client.serves else "resources"
            add(field, f"{resource}: It is no https URI without query and fragment.")
    return found


def is_origin(text: str) -> bool:
    """Exactly as a browser writes it: scheme, host, a port that is not the default."""
    parts = _split(text)
    return parts is not None and text == f"https://{parts.netloc}" and ":443" not in parts.netloc


def is_resource(text: str) -> bool:
    """An absolute URI that names a resource server (RFC 8707 section 2)."""
    parts = _split(text)
    return parts is not None and text == f"https://{parts.netloc}{parts.path}"


def _split(text: str):
    if redirect_uris.fault(text, native=False):
        return None
    return urlsplit(text)
