"""Every stored value under the active key: what `manage.py rotate_keys` does.

Walks every table with encrypted columns until nothing is left under another key, or nothing more
can be done: a node that still seals under an old key, or a row that somebody holds, is met again
in the next pass. Never makes a key. One audit entry says what was there before and after.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from apps.audit.actors import Operator
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.encryption.keys import KeyRing
from apps.encryption.resealing import Resealing, Unreadable
from apps.encryption.stored import Counts, sealed_tables, values_by_key

#: What keeps coming back after so many passes is being written by somebody.
PASSES = 5


@dataclass(slots=True)
class Rotation:
    """What a rotation met and did, in values."""

    ring: KeyRing
    before: Counts
    after: Counts
    resealed: int = 0
    unreadable: set[Unreadable] = field(default_factory=set)
    """Met in the last pass; what was mended or deleted since the one before is not among them."""

    @property
    def left(self) -> int:
        """Readable values that are not under the active key yet."""
        return stale(self.after, self.ring) - len(self.unreadable)


def stale(counts: Counts, ring: KeyRing) -> int:
    """How many values are not under the active key."""
    return sum(counter.total() - counter[ring.active] for counter in counts.values())


def rotate(
    ring: KeyRing,
    before: Counts,
    size: int,
    advance: Callable[[int], None] = lambda _: None,
    tell: Callable[[Unreadable], None] = lambda _: None,
) -> Rotation:
    """Seal every value anew that is not under the active key, `size` rows at a time.

    `advance` hears how many values are done, `tell` of every one that does not open, once.
    """
    rotation = Rotation(ring, before, before)
    if stale(before, ring):
        # Killed before its end, it has left this.
        begun = {"active": ring.active, "before": _by_key(before)}
        record(Verb.FIELD_KEYS_ROTATION_BEGUN, Operator(), changes=begun)
    told: set[Unreadable] = set()
    for _ in range(PASSES):
        done = _walk(rotation, Resealing.write, size, advance, partial(_once, told, tell))
        rotation.resealed += done
        rotation.after = values_by_key()
        # What did not open is met once more: it may have been mended, and another value written.
        if not done or not stale(rotation.after, ring):
            break
    if rotation.resealed:
        record(Verb.FIELD_KEYS_ROTATED, Operator(), changes=_told(rotation))
    return rotation


def rehearse(
    ring: KeyRing,
    before: Counts,
    size: int,
    advance: Callable[[int], None] = lambda _: None,
    tell: Callable[[Unreadable], None] = lambda _: None,
) -> Rotation:
    """What `rotate` would do: everything is opened, nothing written."""
    rotation = Rotation(ring, before, before)
    rotation.resealed = _walk(rotation, Resealing.rehearse, size, advance, tell)
    return rotation


def _walk(
    rotation: Rotation,
    step: Callable,
    size: int,
    advance: Callable[[int], None],
    tell: Callable[[Unreadable], None],
) -> int:
    def met(value: Unreadable) -> None:
        rotation.unreadable.add(value)
        tell(value)

    rotation.unreadable, done = set(), 0
    for table in sealed_tables():
        for count in step(Resealing(table, rotation.ring, size, met)):
            done += count
            advance(count)
    return done


def _once(told: set[Unreadable], tell: Callable[[Unreadable], None], value: Unreadable) -> None:
    if value not in told:
        told.add(value)
        tell(value)


def _told(rotation: Rotation) -> dict[str, object]:
    """For the audit: numbers of values by key, and no value."""
    return {
        "active": rotation.ring.active,
        "resealed": rotation.resealed,
        "unreadable": len(rotation.unreadable),
        "before": _by_key(rotation.before),
        "after": _by_key(rotation.after),
    }


def _by_key(counts: Counts) -> dict[str, int]:
    total: Counter[int | None] = sum(counts.values(), Counter())
    return {str(key_id or "none"): count for key_id, count in sorted(total.items(), key=str)}
