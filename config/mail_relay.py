"""The mail relay as one URL, parsed strictly: who takes our letters, and over what.

    smtps://USER:PASSWORD@HOST[:465]            TLS from the first byte (RFC 8314, section 3.3)
    smtp+starttls://USER:PASSWORD@HOST[:587]    TLS before anything else is said, or nothing is
    smtp://HOST[:25]                            in clear, and so to this machine alone

Guarantees: links that reset passwords never cross a network in clear. Does not connect to anyone.
Every message leaves out the text that it refuses: it may carry a password.
"""

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from config.addresses import parse_connection

_PORTS = {"smtps": 465, "smtp+starttls": 587, "smtp": 25}


class Relay(NamedTuple):
    """What Django's settings EMAIL_… take. Without a user nobody signs in."""

    host: str
    port: int
    user: str
    password: str
    use_ssl: bool
    use_tls: bool

    def __repr__(self) -> str:
        return f"<Relay {self.host}:{self.port}>"


def parse_relay(text: str) -> Relay:
    """The relay of a URL. Raises ValueError for any other form, and for clear text to elsewhere."""
    parts = urlsplit(parse_connection(text, tuple(_PORTS)))
    if not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("is not scheme://user:password@host:port and nothing more")
    if parts.scheme == "smtp" and not _is_this_machine(parts.hostname):
        raise ValueError("sends letters over the network in clear: use smtps or smtp+starttls")
    return Relay(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=parts.scheme == "smtp+starttls",
    )


def refuse_open_relay(text: str) -> str:
    """The text itself, if it is the URL of a relay. Raises ValueError."""
    parse_relay(text)
    return text


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
