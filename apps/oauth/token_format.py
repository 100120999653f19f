"""The texts that the provider hands out: recognisable, checkable offline, impossible to guess.

    gh_at_<43 secret><6 checksum>     access token; rt: refresh token, ac: code, cs: client secret

A scanner finds one by its prefix; the checksum (of apps/apikeys/key_format.py) tells a made-up one
before any query. The secret has 43 * log2(62) = 256 bits, so there is nothing to guess, and what is
kept is its plain SHA-256: a slow hash would let anyone burn our CPU (ASVS 11.4.2 speaks of
passwords only).
"""

import hashlib
import hmac
import re
import secrets
from enum import StrEnum

from apps.apikeys.key_format import ALPHABET, checksum


class Kind(StrEnum):
    """What a text is for; one is never taken for another."""

    ACCESS_TOKEN = "at"  # noqa: S105 (two letters, not a secret)
    REFRESH_TOKEN = "rt"  # noqa: S105
    CODE = "ac"
    CLIENT_SECRET = "cs"  # noqa: S105


#: The look of them, for whatever searches text for one.
PATTERN = r"gh_(?:at|rt|ac|cs)_[0-9A-Za-z]{49}"
_SHAPE = re.compile(PATTERN, re.ASCII)


def generate(kind: Kind) -> str:
    """A fresh text of this kind."""
    body = f"gh_{kind}_" + "".join(secrets.choice(ALPHABET) for _ in range(43))
    return body + checksum(body)


def is_genuine(text: str, kind: Kind) -> bool:
    """Does it have the form and the checksum? Proves nothing else, and costs no query."""
    if not text.startswith(f"gh_{kind}_") or _SHAPE.fullmatch(text) is None:
        return False
    return checksum(text[:-6]) == text[-6:]


def hashed(text: str) -> str:
    """What is stored: SHA-256 in hexadecimal, 64 characters."""
    return hashlib.sha256(text.encode()).hexdigest()


def matches(text: str, stored: str) -> bool:
    """Is this what was stored? Constant time; False for a row that stores nothing."""
    return bool(stored) and hmac.compare_digest(hashed(text), stored)
