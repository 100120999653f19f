"""The stored form of one encrypted value. This layout is final; a new one takes a new version.

    version    1 byte    1
    key id     2 bytes   big endian, which key of the ring
    nonce     12 bytes   random
    sealed     n bytes   AES-256-GCM ciphertext, as long as the plaintext, then its 16 byte tag

Guarantees: an envelope opens only unaltered, and only in the table, column and row it was made
for, because those are bound as associated data (NIST SP 800-38D; ASVS 5.0, 11.3.2 to 11.3.4).
Does not guarantee: the length stays visible, and whoever can write to the database can put an
older envelope of the same row and column back. One key of one column may seal 2**32 values before
random nonces become a risk (SP 800-38D, section 8.3); rotate long before.
"""

from functools import lru_cache
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from apps.encryption.errors import MalformedEnvelope, NotAuthentic, UnknownVersion
from apps.encryption.keys import KeyRing, Purpose, framed

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER_BYTES = 3
NONCE_END = HEADER_BYTES + NONCE_BYTES
SHORTEST = NONCE_END + TAG_BYTES
#: How the associated data says how long a row id is. No primary key is longer.
_LENGTHS = [length.to_bytes(4, "big") for length in range(2049)]


def header(key_id: int) -> bytes:
    """What every envelope under this key begins with."""
    return bytes([VERSION]) + key_id.to_bytes(2, "big")


def key_of(start: object) -> int | None:
    """Which key an envelope names that begins like this; None for what is no envelope of ours."""
    start = bytes(start) if isinstance(start, memoryview) else start
    if type(start) is not bytes or len(start) < HEADER_BYTES or start[0] != VERSION:
        return None
    return int.from_bytes(start[1:HEADER_BYTES], "big")


class ColumnCipher:
    """Seals and unseals the values of one column under one ring."""

    __slots__ = ("_active", "_by_header", "_column", "_ring", "_table")

    def __init__(self, ring: KeyRing, table: str, column: str) -> None:
        self._ring, self._table, self._column = ring, table, column
        self._by_header: dict[bytes, tuple[AESGCM, bytes]] = {}
        self._active = header(ring.active)

    def seal(self, row_id: bytes, plaintext: bytes) -> bytes:
        """The envelope of `plaintext` for one row, under the ring's active key."""
        header = self._active
        cipher, place = self._by_header.get(header) or self._cipher(header)
        nonce = urandom(NONCE_BYTES)
        sealed = cipher.encrypt(nonce, plaintext, place + _LENGTHS[len(row_id)] + row_id)
        return header + nonce + sealed

    def unseal(self, row_id: bytes, envelope: bytes) -> bytes:
        """The plaintext of an envelope that was made for exactly this column and row.

        Raises MalformedEnvelope, UnknownVersion, UnknownKey or NotAuthentic; never returns less.
        """
        if type(envelope) is not bytes or len(envelope) < SHORTEST:
            raise MalformedEnvelope(f"{self}: what is stored is not an envelope")
        header = envelope[:HEADER_BYTES]
        cipher, place = self._by_header.get(header) or self._cipher(header)
        bound = place + _LENGTHS[len(row_id)] + row_id
        try:
            return cipher.decrypt(envelope[HEADER_BYTES:NONCE_END], envelope[NONCE_END:], bound)
        except InvalidTag:
            raise NotAuthentic(
                f"{self}: altered, or sealed for another row, column, table or key"
            ) from None

    def __repr__(self) -> str:
        return f"{self._table}.{self._column}"

    def _cipher(self, header: bytes) -> tuple[AESGCM, bytes]:
        """The cipher that a header asks for, and the associated data that the column fixes."""
        if header[0] != VERSION:
            raise UnknownVersion(f"{self}: envelope version {header[0]} is not {VERSION}")
        key_id = int.from_bytes(header[1:], "big")
        key = self._ring.derive(Purpose.ENCRYPT, self._table, self._column, key_id)
        place = header + framed(self._table.encode(), self._column.encode())
        self._by_header[header] = made = AESGCM(key), place
        return made


#: One for each column, so that each key is derived once.
column_cipher = lru_cache(maxsize=1024)(ColumnCipher)
