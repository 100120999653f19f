"""What can be found wrong with the log: a closed set, each with what it means."""

from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    """What happened."""

    EDITED = "edited"
    DELETED = "deleted"
    SWAPPED = "swapped"
    PLACE_LOST = "place lost"
    TREE_ALTERED = "tree altered"
    RECOMPUTED = "recomputed"
    UNSIGNED = "unsigned"
    CUT = "cut"
    FORKED = "forked"
    FORGED = "forged"
    CHECKPOINT_REFUSED = "checkpoint refused"
    CHECKPOINT_LOST = "checkpoint lost"
    FILE_REFUSED = "file refused"
    FILE_LOST = "file lost"
    TRIGGER_GONE = "trigger gone"


_TEXTS = {
    Wrong.EDITED: "the entry is not the one that was sealed here",
    Wrong.DELETED: "the entry that was sealed here is gone",
    Wrong.SWAPPED: "the entry that stands here was sealed elsewhere",
    Wrong.PLACE_LOST: "the place itself is gone from audit_leaf",
    Wrong.TREE_ALTERED: "the stored hashes are not those of the entries up to here",
    Wrong.RECOMPUTED: "the tree was made anew over other entries than those that were signed",
    Wrong.UNSIGNED: "no checkpoint covers these places: they were added, or the newest was removed",
    Wrong.CUT: "these entries were signed and are gone",
    Wrong.FORKED: "two signed checkpoints contradict each other: the signing key was used twice",
    Wrong.FORGED: "the entry waits for its seal with a MAC that the audit key did not make",
    Wrong.CHECKPOINT_REFUSED: "a stored checkpoint is not what a key of the ring has signed",
    Wrong.CHECKPOINT_LOST: "the file has a checkpoint that the database has no more",
    Wrong.FILE_REFUSED: "the file of checkpoints was changed",
    Wrong.FILE_LOST: "the file of checkpoints is gone: `audit seal` writes a new one",
    Wrong.TRIGGER_GONE: "a table is not append-only any more: `audit triggers` mends it",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `position` is the first bad place and `until` the last, where it
    has a place; `about` names the entry, table or checkpoint."""

    wrong: Wrong
    position: int | None = None
    until: int | None = None
    about: str = ""

    def __str__(self) -> str:
        where = ""
        if self.position is not None:
            many = self.until is not None and self.until > self.position
            where = (
                f"positions {self.position} to {self.until}: "
                if many
                else (f"position {self.position}: ")
            )
        about = f" ({self.about})" if self.about else ""
        return f"{where}{self.wrong.upper()}, {_TEXTS[self.wrong]}{about}"
