"""The blind index of one column: what stands beside a ciphertext so that it can be found. Pure.

    version    1 byte    2, as in the envelope
    key id     2 bytes   big endian, which key of the ring
    mac        n bytes   the first N bits of HMAC-SHA256 (RFC 2104), the rest of the last byte zero

The MAC is over the normaliser's name and the normal form, each behind its length, under a key
that no other column shares. Guarantees: without the key nothing can be computed, compared with
another column, or tried out. Does not guarantee: equal values have equal indexes, so whoever reads
the table sees which rows share a value and how often each occurs. Fewer bits blur that: of R
different values, about R / 2**N share any one index by chance, and every look-up has to open and
compare what it finds. Whoever holds the key can try out every telephone number there is.
"""

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from apps.encryption.envelope import header
from apps.encryption.keys import KeyRing, Purpose, framed
from apps.encryption.normal_forms import Normaliser

MOST_BITS = 256
FEWEST_BITS = 8


class BlindIndex:
    """Makes the indexes of one column's values under one ring.

    `column` is the column of the index itself. Raises ValueError for bits outside 8 to 256.
    """

    __slots__ = ("_bits", "_column", "_macs", "_normaliser", "_table", "header")

    def __init__(
        self, ring: KeyRing, table: str, column: str, normaliser: Normaliser, bits: int = MOST_BITS
    ) -> None:
        if not FEWEST_BITS <= bits <= MOST_BITS:
            raise ValueError(f"{table}.{column}: {bits} bits; it is {FEWEST_BITS} to {MOST_BITS}")
        self._table, self._column = table, column
        self._normaliser, self._bits = normaliser, bits
        self._macs = {
            header(key_id): self._begun(ring.derive(Purpose.BLIND_INDEX, table, column, key_id))
            for key_id in sorted(ring.ids)
        }
        #: What every index begins with that is made now; any other is an old key's.
        self.header = header(ring.active)

    def of(self, text: str) -> bytes:
        """The index of a value under the active key. Raises NoNormalForm."""
        return self._index(self.header, self._normaliser.of(text))

    def candidates(self, text: str) -> list[bytes]:
        """What to look for: the index under every key of the ring. Raises NoNormalForm."""
        form = self._normaliser.of(text)
        return [self._index(named, form) for named in self._macs]

    def __repr__(self) -> str:
        return f"{self._table}.{self._column}"

    def _begun(self, key: bytes) -> HMAC:
        # Kept with its key and the normaliser's name taken in: that is most of what a MAC costs.
        mac = HMAC(key, SHA256())
        mac.update(framed(self._normaliser.value.encode()))
        return mac

    def _index(self, named: bytes, form: str) -> bytes:
        mac = self._macs[named].copy()
        mac.update(framed(form.encode()))
        return named + truncated(mac.finalize(), self._bits)


def truncated(mac: bytes, bits: int) -> bytes:
    """The first `bits` bits, in as few bytes as hold them."""
    size, spare = -(-bits // 8), -bits % 8
    return mac[: size - 1] + bytes([mac[size - 1] >> spare << spare])


#: One for each column, so that each key is derived once.
blind_index = lru_cache(maxsize=1024)(BlindIndex)
