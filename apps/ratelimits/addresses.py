"""The bucket of a network address: the smallest unit that one subscriber cannot multiply.

Pure. Takes the address that the trusted edge reported; whether it may be trusted is decided by
the caller. Customers behind one carrier NAT share a bucket, and so do all whose address is unknown.
"""

from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

UNKNOWN = "unknown"

_IPV4_MAPPED = bytes(10) + b"\xff\xff"  # RFC 4291 section 2.5.5.2


def address_bucket(address: str) -> str:
    """IPv4 as it is, IPv6 as its /64, IPv4-mapped IPv6 as the IPv4, anything else "unknown".

    A /64 is what one IPv6 subscriber gets at the least: 2**64 addresses to rotate through, so a
    limit per address would be none. Every spelling of an address is one bucket, and everything
    unreadable shares one: inventing spellings or nonsense must not buy allowance. Never raises.
    """
    try:
        if ":" not in address:
            return inet_ntop(AF_INET, inet_pton(AF_INET, address))
        packed = inet_pton(AF_INET6, address.partition("%")[0])  # without a zone, as in fe80::1%a
    except (OSError, ValueError):
        return UNKNOWN
    if packed.startswith(_IPV4_MAPPED):
        return inet_ntop(AF_INET, packed[12:])
    return f"{inet_ntop(AF_INET6, packed[:8] + bytes(8))}/64"
