"""The stored form of one encrypted value. This layout is final; a new one takes a new version.

    version    1 byte    2
    key id     2 bytes   big endian, which key of the ring
    nonce     20 bytes   8 that select the message key, then the 12 of GCM, random
    sealed     n bytes   AES-256-GCM ciphertext, as long as the plaintext, then its 16 byte tag

The message key is HKDF-Expand-SHA256 (RFC 5869, 2.3) of the column's key, with the selector as its
info. A selector is random and belongs to one process, which takes another after 2**20 messages: so
no message key ever comes near the 2**32 messages that random nonces allow it (NIST SP 800-38D,
8.3), and nothing has to be counted across processes, restarts or machines. Two that meet the same
selector by chance still stay 2,000 times below.

Guarantees: an envelope opens only unaltered, and only in the table, column and row it was made
for, because those are bound as associated data (ASVS 5.0, 11.3.2 to 11.3.4).
Does not guarantee: the length stays visible, and whoever can write to the database can put an
older envelope of the same row and column back. A machine that is copied with its memory while it
runs, and then runs twice, uses the nonces twice that were drawn and not used yet.
"""

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
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
#: That one message key seals. Its bound is 2**32; the rest is for a selector that is drawn again.
MESSAGES = 2**20
#: Nonces at a time: asking the system for them takes longer than it takes to make them.
DRAWN = 64
#: Openings that are kept. A page of rows names as many selectors as processes wrote it.
_KEPT = 1024


def header(key_id: int) -> bytes:
    """What every envelope under this key begins with."""
    return bytes([VERSION]) + key_id.to_bytes(2, "big")


def key_of(start: object) -> int | None:
    """Which key an envelope names that begins like this; None for what is no envelope of ours."""
    start = bytes(start) if isinstance(start, memoryview) else start
    if type(start) is not bytes or len(start) < HEADER_BYTES or start[0] != VERSION:
        return None
    return int.from_bytes(start[1:HEADER_BYTES], "big")


#: AES-256-GCM under one message key: nonce, text, what is bound; the text in clear or sealed.
Gcm = Callable[[bytes, bytes, bytes], bytes]


class Sealing(NamedTuple):
    """What a process seals with now. No two threads are given the same item of an iterator."""

    selected: bytes
    encrypt: Gcm | None
    place: bytes
    nonces: Iterator[bytes]
    """Drawn, and not used yet."""
    draws: Iterator[int]
    """As many as the message key may still see."""


class Opening(NamedTuple):
    """What opens the envelopes that begin with one header and selector."""

    decrypt: Gcm
    place: bytes


class ColumnCipher:
    """Seals and unseals the values of one column under one ring.

    `header` is what every envelope begins with that is made now; any other is an old key's.
    """

    __slots__ = (
        *("__weakref__", "_column", "_keys", "_openings", "_sealing", "_table", "header", "ring"),
    )

    def __init__(self, ring: KeyRing, table: str, column: str) -> None:
        self.ring, self._table, self._column = ring, table, column
        self._openings: dict[bytes, Opening] = {}
        self._keys: dict[int, bytes] = {}
        self.header = header(ring.active)
        self.forget()
        _living.add(self)

    def seal(self, row_id: bytes, plaintext: bytes) -> bytes:
        """The envelope of `plaintext` for one row, under the ring's active key."""
        selected, encrypt, place, nonces, _ = self._sealing
        nonce = next(nonces, None)
        if nonce is None:
            selected, encrypt, place, nonce = self._draw()
        return selected + nonce + encrypt(nonce, plaintext, place + row_id)

    def unseal(self, row_id: bytes, envelope: bytes) -> bytes:
        """The plaintext of an envelope that was made for exactly this column and row.

        Raises MalformedEnvelope, UnknownVersion, UnknownKey or NotAuthentic; never returns less.
        """
        try:
            opening = self._openings.get(envelope[:SELECTOR_END]) or self._opening(envelope)
            decrypt, place = opening
            return decrypt(envelope[SELECTOR_END:NONCE_END], envelope[NONCE_END:], place + row_id)
        except (InvalidTag, TypeError, ValueError):
            pass  # which of two refusals it is, is asked of the few that do not open
        self._refuse_malformed(envelope)
        raise NotAuthentic(f"{self}: altered, or sealed for another row, column, table or key")

    def forget(self) -> None:
        """Use nothing that was drawn so far: no message key, no nonce."""
        self._sealing = Sealing(b"", None, b"", iter(()), iter(()))

    def __repr__(self) -> str:
        return f"{self._table}.{self._column}"

    def _draw(self) -> tuple[bytes, Gcm, bytes, bytes]:
        sealing = self._sealing
        if next(sealing.draws, None) is None:
            sealing = self._select()
        drawn = urandom(DRAWN * NONCE_BYTES)
        cuts = range(0, len(drawn), NONCE_BYTES)
        nonces = iter([drawn[cut : cut + NONCE_BYTES] for cut in cuts])
        self._sealing = sealing._replace(nonces=nonces)
        return *sealing[:3], next(nonces)

    def _select(self) -> Sealing:
        selected = self.header + urandom(SELECTOR_BYTES)
        draws = iter(range(1, MESSAGES // DRAWN))  # who selects draws once
        encrypt = self._message_cipher(selected).encrypt
        return Sealing(selected, encrypt, self._place(selected), iter(()), draws)

    def _opening(self, envelope: bytes) -> Opening:
        self._refuse_malformed(envelope)
        if envelope[0] != VERSION:
            raise UnknownVersion(f"{self}: envelope version {envelope[0]} is not {VERSION}")
        selected = envelope[:SELECTOR_END]
        made = Opening(self._message_cipher(selected).decrypt, self._place(selected))
        if len(self._openings) >= _KEPT:
            self._openings.clear()  # whoever can write envelopes must not fill the memory
        self._openings[selected] = made
        return made

    def _refuse_malformed(self, envelope: object) -> None:
        if type(envelope) is not bytes or len(envelope) < SHORTEST:
            raise MalformedEnvelope(f"{self}: what is stored is not an envelope")

    def _message_cipher(self, selected: bytes) -> AESGCM:
        key_id = int.from_bytes(selected[1:HEADER_BYTES], "big")
        key = self._keys.get(key_id) or self._column_key(key_id)
        info = selected[HEADER_BYTES:]
        return AESGCM(HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=info).derive(key))

    def _place(self, selected: bytes) -> bytes:
        """What is bound beside the row, which follows."""
        return selected + framed(self._table.encode(), self._column.encode())

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


# A child has its parent's memory: what is drawn there would be used twice.
os.register_at_fork(after_in_child=_forget_all)
