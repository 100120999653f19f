"""Which address does this request come from?

Forwarded headers are what anyone can send. They count only when the connection itself comes from
a configured proxy, which overwrites them (ASVS 4.1.3, 15.3.4); from any other peer they are
removed before anything can read them.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

FORWARDED_HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)

Networks = tuple[IPv4Network | IPv6Network, ...]


@lru_cache(maxsize=4096)
def normalised(text: str) -> str:
    """The canonical spelling of an address; IPv4-mapped IPv6 becomes IPv4; "" when it is none."""
    try:
        # Without its zone (fe80::1%eth0): that is any text, of any length.
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)


@lru_cache(maxsize=4096)
def is_trusted(peer: str, proxies: Networks) -> bool:
    """Is this peer one of our own proxies?"""
    return bool(peer) and any(ip_address(peer) in network for network in proxies)


def client_address(meta: dict[str, str], proxies: Sequence[IPv4Network | IPv6Network]) -> str:
    """The caller's address; drops forwarded headers of an untrusted peer from `meta`.

    A trusted proxy writes exactly one address. Should it append instead, the last entry is the
    one that it saw itself; everything before it is the client's claim and is ignored.
    """
    peer = normalised(meta.get("REMOTE_ADDR", ""))
    if not is_trusted(peer, tuple(proxies)):
        for header in FORWARDED_HEADERS:
            meta.pop(header, None)
        return peer
    claimed = meta.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return normalised(claimed) or peer
