"""The key ring: numbered keys, one that encrypts now, the others for reading only.

Guarantees: no two purposes, tables or columns ever share a derived key, and nothing printed here
shows a key. Does not guarantee: where the keys come from, or that they are random; a key is taken
for 32 uniform bytes, which is why the derivation needs no salt (RFC 5869, section 3.1).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from apps.encryption.errors import UnknownKey

KEY_BYTES = 32
HIGHEST_KEY_ID = 0xFFFF
# Part of the stored format: changing either makes every stored value unreadable.
DERIVATION_LABEL = b"gatehouse field keys 1"


class Purpose(StrEnum):
    """What a derived key is for. A spelling is part of the format and is never reused."""

    ENCRYPT = "encrypt"
    BLIND_INDEX = "blind-index"
    MAC = "mac"


def framed(*parts: bytes) -> bytes:
    """Join parts, each behind its length in 4 bytes, so that ("ab", "c") differs from ("a", "bc").

    A table named `a` with a column `b_c` must not share a key with a table `a_b` and column `c`.
    """
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class KeyRing:
    """Keys by id. `active` encrypts; every key in the ring decrypts (ASVS 5.0, 13.3.4).

    `keys` maps ids from 1 to 65535 to 32 bytes each. Raises ValueError, which names the id and
    never the key, when a key has another length, stands under two ids, or `active` is not there.
    """

    __slots__ = ("_keys", "active")

    def __init__(self, keys: Mapping[int, bytes], active: int) -> None:
        for key_id, key in keys.items():
            if type(key_id) is not int or not 1 <= key_id <= HIGHEST_KEY_ID:
                raise ValueError(f"key id {key_id!r} is not a whole number from 1 to 65535")
            if not isinstance(key, bytes) or len(key) != KEY_BYTES:
                raise ValueError(f"key {key_id} is not {KEY_BYTES} bytes")
        if len(set(keys.values())) != len(keys):
            raise ValueError(f"two of the keys {sorted(keys)} are equal: each id needs its own key")
        if active not in keys:
            raise ValueError(f"the active key {active!r} is not among the keys {sorted(keys)}")
        self._keys = dict(keys)
        self.active = active

    @property
    def ids(self) -> set[int]:
        """The ids of all of its keys."""
        return set(self._keys)

    def changed_in(self, other: "KeyRing") -> set[int]:
        """The ids that stand in both rings, for two different keys."""
        return {one for one in self.ids & other.ids if self._keys[one] != other._keys[one]}

    def __repr__(self) -> str:
        return f"<KeyRing ids={sorted(self._keys)} active={self.active}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key ring is not pickled or copied: its keys would leave the process")

    def derive(self, purpose: str, table: str, column: str, key_id: int) -> bytes:
        """The 32 byte key for one purpose in one column (HKDF-SHA256, RFC 5869).

        Raises UnknownKey, and ValueError for a purpose outside `Purpose`.
        """
        key = self._keys.get(key_id)
        if key is None:
            raise UnknownKey(f"{table}.{column}: key {key_id} is not in the ring")
        info = framed(DERIVATION_LABEL, Purpose(purpose).encode(), table.encode(), column.encode())
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)
