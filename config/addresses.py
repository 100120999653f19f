"""Hosts, origins, networks and connection URLs as text, parsed strictly.

Guarantees: no wildcard, `null` or user part passes as a host or origin; an origin expression is
anchored and does not match a stranger's origin; a network is not the whole address space.
Does not resolve names, and cannot tell that an expression's literal domain is one's own.
Every message leaves out the text that it refuses: a URL may carry a password.
"""

import re
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network
from urllib.parse import unquote, urlsplit

from config.rings import refuse_placeholder

LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})*")
ORIGIN = re.compile(r"(https?)://([^/?#@:\[\]]+|\[[^\]]*\])(?::([1-9][0-9]{0,4}))?", re.ASCII)
REGEX_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
MATCH_ANYTHING = frozenset({".", r"\D", r"\S", r"\W"})
STRANGERS = ("http://stranger.invalid", "https://stranger.invalid", "https://a.b-1.invalid:8443")


def parse_host(text: str) -> str:
    """Return a host name or bracketed IPv6 address in lower case, else raise ValueError."""
    host = text.lower()
    if "*" in host or host.startswith("."):
        raise ValueError("is a wildcard: name each host")
    if host.startswith("[") and host.endswith("]"):
        return f"[{_ipv6(host[1:-1])}]"
    if HOST.fullmatch(host) is None or len(host) > 253:
        raise ValueError("is not a bare host name, without scheme, port or path")
    return host


def _ipv6(text: str) -> IPv6Address:
    try:
        return IPv6Address(text)
    except ValueError:
        raise ValueError("is not an IPv6 address in brackets") from None


def parse_origin(text: str, schemes: tuple[str, ...]) -> str:
    """Return `scheme://host[:port]` in lower case (RFC 6454 section 6.2), else raise ValueError."""
    if text.lower() == "null":
        raise ValueError("is null, the origin of every sandboxed frame")
    if "*" in text:
        raise ValueError("is a wildcard: name each origin")
    match = ORIGIN.fullmatch(text.lower())
    if match is None or int(match[3] or 1) > 65535:
        raise ValueError("is not scheme://host[:port] and nothing more")
    if match[1] not in schemes:
        raise ValueError("is not https")
    port = f":{match[3]}" if match[3] else ""
    return f"{match[1]}://{parse_host(match[2])}{port}"


def parse_origin_regex(text: str, schemes: tuple[str, ...]) -> str:
    """Return an expression that is safe for `re.match` against an Origin header.

    django-cors-headers matches prefixes, so what is not anchored at its end also lets
    `https://good.example.attacker.test` in.
    """
    try:
        expression = re.compile(text)
    except (re.error, OverflowError, RecursionError):
        raise ValueError("does not compile") from None
    starts = ("^https://", "^http://", "^https?://") if "http" in schemes else ("^https://",)
    pieces = REGEX_PIECE.findall(text)
    if not text.startswith(starts):
        raise ValueError("does not start with ^https://")
    if pieces[-1] != "$":
        raise ValueError("does not end with $")
    if _has_open_alternative(pieces):
        raise ValueError("has a | outside parentheses, which escapes the anchors")
    if any(piece in MATCH_ANYTHING or piece.startswith("[^") for piece in pieces):
        raise ValueError(r"matches any character: write \. for a dot and [a-z0-9-]+ for a label")
    if any(expression.match(stranger) for stranger in STRANGERS):
        raise ValueError("matches any host: spell out your own domain")
    return text


def _has_open_alternative(pieces: list[str]) -> bool:
    depth = 0
    for piece in pieces:
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and depth == 0:
            return True
    return False


def parse_network(text: str) -> IPv4Network | IPv6Network:
    """Return a CIDR network without host bits, smaller than the whole address space."""
    try:
        network = ip_network(text)
    except ValueError:
        raise ValueError("is not a CIDR network such as 10.0.0.0/24") from None
    if network.prefixlen == 0:
        raise ValueError("trusts every address on the internet")
    return network


def parse_connection(text: str, schemes: tuple[str, ...]) -> str:
    """Return a database or Redis URL of one of `schemes` whose password is no placeholder."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # parsed on access, and its error repeats what may be the password
    except ValueError:
        raise ValueError("is not a URL: percent-encode the user and the password") from None
    if parts.scheme not in schemes or not text.startswith(f"{parts.scheme}://"):
        raise ValueError(f"does not start with {' or '.join(f'{name}://' for name in schemes)}")
    if parts.password:
        refuse_placeholder(unquote(parts.password))
    return text
