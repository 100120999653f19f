"""Where a browser may be sent with a code: the whole URI, letter by letter.

https, or http on a loopback address for native clients, on whatever port the machine had free
(RFC 8252 section 7.3). No wildcards, no fragments, no `localhost` (a name that a resolver may send
elsewhere, section 8.3), no user in front of the host. Pure.
"""

from urllib.parse import SplitResult, urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
MAX_LENGTH = 500


def fault(uri: str, *, native: bool) -> str:
    """Why this URI cannot be registered; nothing where it can."""
    if not _is_plain(uri):
        return "It holds characters that no URI has, or is longer than 500."
    parts = _split(uri)
    if parts is None or not parts.hostname:
        return "It is no absolute URI with a host."
    if "@" in parts.netloc or "*" in uri or "#" in uri:
        return "It has a user, a wildcard or a fragment."
    if parts.scheme == "https":
        return ""
    if not _is_loopback(parts):
        return "It begins neither with https:// nor with http:// and a loopback address."
    return "" if native else "Only native clients are on a loopback address."


def allows(registered: str, asked: str) -> bool:
    """Is `asked` the registered URI, or on loopback the same but for the port?"""
    if asked == registered:
        return True
    if not _is_plain(asked):
        return False
    ours, theirs = _split(registered), _split(asked)
    if ours is None or theirs is None or not _is_loopback(ours):
        return False
    # Compared as text, so that nothing that a parser skips or mends can differ.
    return asked == _with_port(ours, theirs.port)


def _with_port(parts: SplitResult, port: int | None) -> str:
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return parts._replace(netloc=f"{host}:{port}" if port else host).geturl()


def _is_loopback(parts: SplitResult) -> bool:
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


def _is_plain(uri: str) -> bool:
    return (
        len(uri) <= MAX_LENGTH and all("!" <= letter <= "~" for letter in uri) and "\\" not in uri
    )


def _split(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    return parts
