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


@lru_cache(maxsize=1024)
def _column(ring: KeyRing, table: str, column: str, key_id: int) -> tuple[AESGCM, bytes, bytes]:
    """The cipher of one column under one key, its header, and the associated data it fixes."""
    cipher = AESGCM(ring.derive(Purpose.ENCRYPT, table, column, key_id))
    header = bytes([VERSION]) + key_id.to_bytes(2, "big")
    return cipher, header, header + framed(table.encode(), column.encode())


def seal(ring: KeyRing, table: str, column: str, row_id: bytes, plaintext: bytes) -> bytes:
    """The envelope of `plaintext` for one place, under the ring's active key."""
    cipher, header, bound = _column(ring, table, column, ring.active)
    nonce = urandom(NONCE_BYTES)
    bound += len(row_id).to_bytes(4, "big") + row_id
    return header + nonce + cipher.encrypt(nonce, plaintext, bound)


def unseal(ring: KeyRing, table: str, column: str, row_id: bytes, envelope: bytes) -> bytes:
    """The plaintext of an envelope that was made for exactly this place.

    Raises MalformedEnvelope, UnknownVersion, UnknownKey or NotAuthentic; never returns less.
    """
    if not isinstance(envelope, bytes) or len(envelope) < SHORTEST:
        raise MalformedEnvelope(f"{table}.{column}: what is stored is not an envelope")
    if envelope[0] != VERSION:
        raise UnknownVersion(f"{table}.{column}: envelope version {envelope[0]} is not {VERSION}")
    cipher, _, bound = _column(ring, table, column, envelope[1] << 8 | envelope[2])
    bound += len(row_id).to_bytes(4, "big") + row_id
    try:
        return cipher.decrypt(envelope[HEADER_BYTES:NONCE_END], envelope[NONCE_END:], bound)
    except InvalidTag:
        raise NotAuthentic(
            f"{table}.{column}: altered, or sealed for another row, column, table or key"
        ) from None
