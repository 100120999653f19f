"""One-time codes of authenticator apps (RFC 6238 over RFC 4226): SHA-1, six digits, 30 seconds.

Pure. What such apps can do; nothing else is offered, because a choice of digests is a choice of
mistakes. A code is good in its own half minute and in the ones beside it, for clocks that differ.
"""

import base64
import hmac
import struct

PERIOD = 30  # seconds
_TOLERANCE = 1  # periods, either way
_DIGITS = 6


def code_at(secret: str, counter: int) -> str:
    """The code of one period. `secret` is base32. RFC 4226, section 5.3."""
    mac = hmac.digest(base64.b32decode(secret, casefold=True), struct.pack(">Q", counter), "sha1")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def counter_of(secret: str, code: str, at: float) -> int | None:
    """The period that this code belongs to, if it is good at this Unix time; else None."""
    now = int(at) // PERIOD
    typed = code.replace(" ", "").encode()
    found = None
    for counter in range(now - _TOLERANCE, now + _TOLERANCE + 1):
        if hmac.compare_digest(code_at(secret, counter).encode(), typed):
            found = counter
    return found
