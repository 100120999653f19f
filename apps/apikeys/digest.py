"""What is stored of a key: an HMAC with a numbered pepper, so that a dump holds no usable key.

A fast hash is right here: the secret has 190 random bits, there is nothing to guess, and a slow
one would let anyone burn our CPU with made-up keys (ASVS 6.5.2, 11.4.2 speaks of passwords only).
"""

import hashlib
import hmac
from collections.abc import Mapping

_DOMAIN = b"gatehouse/api-key/v1\n"


def digest(pepper: bytes, text: str) -> bytes:
    """HMAC-SHA256 of the whole key, 32 bytes."""
    return hmac.digest(pepper, _DOMAIN + text.encode(), hashlib.sha256)


def matches(peppers: Mapping[int, bytes], pepper_id: int, text: str, stored: bytes) -> bool:
    """Is this the key that was stored? Constant time; False where the pepper is retired."""
    pepper = peppers.get(pepper_id)
    if pepper is None:
        return False
    return hmac.compare_digest(digest(pepper, text), stored)
