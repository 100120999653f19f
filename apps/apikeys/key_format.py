"""The text of an API key: recognisable, checkable offline, impossible to guess.

    gh_(live|test)_<12 public id>_<32 secret><6 checksum>

A scanner finds it by its prefix. The checksum (CRC32 in base 62 over all before it) tells a typing
error or a made-up key from a real one before any query; it is no secret and proves nothing else.
The secret has 32 * log2(62) = 190 bits.
"""

import re
import secrets
import string
import zlib
from dataclasses import dataclass

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX = "gh_"
#: The look of a key, for whatever searches text for one (docs/leaks has it for scanners).
PATTERN = r"gh_(live|test)_([0-9A-Za-z]{12})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})"
_SHAPE = re.compile(PATTERN, re.ASCII)


class MalformedKey(ValueError):
    """It begins like a key of ours and is none: mistyped, cut off or made up."""


@dataclass(frozen=True, slots=True)
class KeyText:
    """A well-formed key. `text` is secret and stays out of repr."""

    mode: str
    public_id: str
    text: str

    def __repr__(self) -> str:
        return f"KeyText({PREFIX}{self.mode}_{self.public_id}_…)"


def checksum(text: str) -> str:
    """CRC32 of the text in base 62, six characters, most significant first."""
    number = zlib.crc32(text.encode())
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return digits


def generate(mode: str) -> KeyText:
    """A fresh key for `live` or `test`."""
    public_id = _random(12)
    body = f"{PREFIX}{mode}_{public_id}_{_random(32)}"
    return KeyText(mode, public_id, body + checksum(body))


def parse(text: str) -> KeyText | None:
    """The key in a credential's text; None where it is no key of ours at all.

    Raises MalformedKey where it is meant to be one and its shape or checksum is wrong.
    """
    if not text.startswith(PREFIX):
        return None
    match = _SHAPE.fullmatch(text)
    if match is None or checksum(text[:-6]) != match[4]:
        raise MalformedKey
    return KeyText(match[1], match[2], text)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
