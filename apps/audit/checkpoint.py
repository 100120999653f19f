"""Checkpoints: the size and root of the log, signed, in the text form of C2SP.

A checkpoint (https://c2sp.org/tlog-checkpoint) is a signed note (https://c2sp.org/signed-note):

    <origin>
    <size>
    <root, base64>

    — <key name> <base64 of key hash, 4 bytes, and the Ed25519 signature>

Whoever was given the verifier key `name+hash+base64` can check it without us. The parsers take
one spelling only: a number without leading zeros, canonical base64.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .tree import HASH

#: "A note signed with Ed25519" (signed-note, Signature types).
_ED25519 = b"\x01"
_BODY = re.compile(r"([^\s+]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})\n")
_LARGEST_NOTE = 1 << 14


class CheckpointRefused(Exception):
    """A text that is no checkpoint, or that no known key has signed. The message says which."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was signed: that log `origin` has `size` leaves under `root`."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key and the name it signs under."""

    name: str
    public: bytes

    @property
    def hash(self) -> bytes:
        """Four bytes that tell keys apart; they prove nothing."""
        return hashlib.sha256(f"{self.name}\n".encode() + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{_base64(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `name+hash+base64`. Raises CheckpointRefused for any other text."""
        name, _, rest = text.partition("+")
        digest, _, key = rest.partition("+")
        material = _unbase64(key) or b""
        if material[:1] != _ED25519 or len(material) != 1 + 32:
            raise CheckpointRefused("no Ed25519 verifier key")
        made = cls(name, material[1:])
        if not name or made.hash.hex() != digest:
            raise CheckpointRefused("a verifier key whose hash is not its own")
        return made

    def signed(self, body: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, body.encode())
        except InvalidSignature:
            return False
        return True


class Signer:
    """A private key. Its repr shows the verifier key alone."""

    def __init__(self, name: str, seed: bytes) -> None:
        """`seed`: the 32 bytes of RFC 8032, 5.1.5."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self._key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"Signer({self.verifier})"

    def sign(self, checkpoint: Checkpoint) -> str:
        """The signed note."""
        signature = self.verifier.hash + self._key.sign(checkpoint.body.encode())
        return f"{checkpoint.body}\n— {self.verifier.name} {_base64(signature)}\n"


def opened(note: str, verifiers: Iterable[Verifier]) -> Checkpoint:
    """The checkpoint in a note that one of the keys has signed, in its own log's name.

    Signatures of others (witnesses) may stand beside it. Raises CheckpointRefused.
    """
    if len(note) > _LARGEST_NOTE:
        raise CheckpointRefused("longer than a checkpoint is")
    body, gap, signatures = note.partition("\n\n")
    body += "\n"
    match = _BODY.fullmatch(body)
    root = _unbase64(match[3]) if match else None
    if not gap or root is None or len(root) != HASH:
        raise CheckpointRefused("not the text of a checkpoint")
    lines = signatures.splitlines(keepends=True)
    parsed = [_SIGNATURE.fullmatch(line) for line in lines]
    if not lines or not all(parsed):
        raise CheckpointRefused("a signature line that is none")
    keys = list(verifiers)
    for name, text in (line.groups() for line in parsed):
        raw = _unbase64(text) or b""
        for key in keys:
            if (key.name, key.hash) == (name, raw[:4]) and name == match[1]:
                if not key.signed(body, raw[4:]):
                    raise CheckpointRefused("a signature that does not belong to the text")
                return Checkpoint(match[1], int(match[2]), root)
    raise CheckpointRefused("signed by no key that is known here")


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unbase64(text: str) -> bytes | None:
    """The bytes; None where the text is not exactly how they are written."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if _base64(raw) == text else None
