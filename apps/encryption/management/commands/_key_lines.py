"""How commands print which values rest on which key."""

from collections import Counter
from collections.abc import Iterator

from apps.encryption.keys import KeyRing
from apps.encryption.stored import Counts


def lines_of(ring: KeyRing, counts: Counts) -> Iterator[str]:
    """A line for every column and key, then one for every key."""
    total: Counter[int | None] = Counter()
    for (table, column), by_key in sorted(counts.items()):
        total += by_key
        for key_id, count in sorted(by_key.items(), key=_order):
            yield f"{table}.{column}  {_named(key_id)}: {count}"
    for key_id in sorted(ring.ids | total.keys(), key=lambda one: _order((one, 0))):
        yield f"{_named(key_id)}{_standing(ring, key_id)}: {total[key_id]} values"


def _named(key_id: int | None) -> str:
    return "no envelope" if key_id is None else f"key {key_id}"


def _standing(ring: KeyRing, key_id: int | None) -> str:
    if key_id is None:
        return ""
    if key_id not in ring.ids:
        return " (MISSING from the ring: they cannot be opened)"
    return " (active)" if key_id == ring.active else ""


def _order(item: tuple[int | None, int]) -> int:
    return item[0] or 0
