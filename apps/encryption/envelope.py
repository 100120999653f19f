"""The stored form of one encrypted value. This layout is final; a new one takes a new version.

    version    1 byte    2
    key id     2 bytes   big endian, which key of the ring
    nonce     20 bytes   8 that select the message key, then the 12 of GCM, random
    sealed     n bytes   AES-256-GCM ciphertext, as long as the plaintext, then its 16 byte tag

The message key is HKDF-Expand-SHA256 (RFC 5869, 2.3) of the column's key, with the selector as its
info. A selector is random and belongs to one process, which takes another after 2**20 messages: so
no message key ever comes near the 2**32 messages that random nonces allow it (NIST SP 800-38D,
8.3), and nothing has to be counted across processes, restarts or machines. Two that meet the same
selector by chance, or a machine that was copied while it ran, still stay 4,000 times below.

Guarantees: an envelope opens only unaltered, and only in the table, column and row it was made
for, because those are bound as associated data (ASVS 5.0, 11.3.2 to 11.3.4).
Does not guarantee: the length stays visible, and whoever can write to the database can put an
older envelope of the same row and column back.
"""

import os
from collections.abc import Iterator
from functools import lru_cache
from itertools import repeat
from os import urandom
from typing import NamedTuple
from weakref import WeakSet

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from apps.encryption.errors import MalformedEnvelope, NotAuthentic, UnknownVersion
from apps.encryption.keys import KEY_BYTES, KeyRing, Purpose, framed

VERSION = 2
HEADER_BYTES = 3
SELECTOR_BYTES = 8
NONCE_BYTES = 12
TAG_BYTES = 16
SELECTOR_END = HEADER_BYTES + SELECTOR_BYTES
NONCE_END = SELECTOR_END + NONCE_BYTES
SHORTEST = NONCE_END + TAG_BYTES
#: A page of rows names as many selectors as processes wrote it.
_KEPT_CIPHERS = 1024


def header(key_id: int) -> bytes:
    """What every envelope under this key begins with."""
    return bytes([VERSION]) + key_id.to_bytes(2, "big")


def key_of(start: object) -> int | None:
    """Which key an envelope names that begins like this; None for what is no envelope of ours."""
    start = bytes(start) if isinstance(start, memoryview) else start
    if type(start) is not bytes or len(start) < HEADER_BYTES or start[0] != VERSION:
        return None
    return int.from_bytes(start[1:HEADER_BYTES], "big")


class Sealing(NamedTuple):
    """What a process seals with now: `left` runs out after as many messages as the key may take."""

    selected: bytes
    cipher: AESGCM
    place: bytes
    left: Iterator[bool]


class ColumnCipher:
    """Seals and unseals the values of one column under one ring.

    `header` is what every envelope begins with that is made now; any other is an old key's.
    """

    __slots__ = (
        "__weakref__",
        "_ciphers",
        "_column",
        "_keys",
        "_sealing",
        "_table",
        "header",
        "ring",
    )

    #: Of one message key. Far below its bound, so that the copies of a process stay below it too.
    MESSAGES = 2**20

    def __init__(self, ring: KeyRing, table: str, column: str) -> None:
        self.ring, self._table, self._column = ring, table, column
        self._ciphers: dict[bytes, tuple[AESGCM, bytes]] = {}
        self._keys: dict[int, bytes] = {}
        self.header = header(ring.active)
        self.forget()
        _living.add(self)

    def seal(self, row_id: bytes, plaintext: bytes) -> bytes:
        """The envelope of `plaintext` for one row, under the ring's active key."""
        selected, cipher, place, left = self._sealing
        # `next` is one step for all threads: no two take the same message of the count.
        if not next(left, False):
            selected, cipher, place = self._select()
        nonce = urandom(NONCE_BYTES)
        return selected + nonce + cipher.encrypt(nonce, plaintext, place + row_id)

    def unseal(self, row_id: bytes, envelope: bytes) -> bytes:
        """The plaintext of an envelope that was made for exactly this column and row.

        Raises MalformedEnvelope, UnknownVersion, UnknownKey or NotAuthentic; never returns less.
        """
        if type(envelope) is not bytes or len(envelope) < SHORTEST:
            raise MalformedEnvelope(f"{self}: what is stored is not an envelope")
        selected = envelope[:SELECTOR_END]
        cipher, place = self._ciphers.get(selected) or self._cipher(selected)
        try:
            return cipher.decrypt(
                envelope[SELECTOR_END:NONCE_END], envelope[NONCE_END:], place + row_id
            )
        except InvalidTag:
            raise NotAuthentic(
                f"{self}: altered, or sealed for another row, column, table or key"
            ) from None

    def forget(self) -> None:
        """Select another message key for what is sealed next."""
        self._sealing = Sealing(b"", None, b"", iter(()))

    def __repr__(self) -> str:
        return f"{self._table}.{self._column}"

    def _select(self) -> tuple[bytes, AESGCM, bytes]:
        selected = self.header + urandom(SELECTOR_BYTES)
        cipher, place = self._cipher(selected)
        self._sealing = Sealing(selected, cipher, place, repeat(True, self.MESSAGES - 1))
        return selected, cipher, place

    def _cipher(self, selected: bytes) -> tuple[AESGCM, bytes]:
        """The cipher that a header and a selector ask for, and what it binds beside the row."""
        if selected[0] != VERSION:
            raise UnknownVersion(f"{self}: envelope version {selected[0]} is not {VERSION}")
        key_id = int.from_bytes(selected[1:HEADER_BYTES], "big")
        key = self._keys.get(key_id) or self._column_key(key_id)
        info = selected[HEADER_BYTES:]
        cipher = AESGCM(HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=info).derive(key))
        place = selected + framed(self._table.encode(), self._column.encode())
        if len(self._ciphers) >= _KEPT_CIPHERS:
            self._ciphers.clear()  # whoever can write envelopes must not fill the memory
        self._ciphers[selected] = made = cipher, place
        return made

    def _column_key(self, key_id: int) -> bytes:
        key = self.ring.derive(Purpose.ENCRYPT, self._table, self._column, key_id)
        self._keys[key_id] = key
        return key


#: One for each column, so that each key is derived once.
column_cipher = lru_cache(maxsize=1024)(ColumnCipher)

_living: WeakSet[ColumnCipher] = WeakSet()


def _forget_all() -> None:
    for cipher in list(_living):
        cipher.forget()


# A child that went on with its parent's count would count the same messages once more.
os.register_at_fork(after_in_child=_forget_all)
