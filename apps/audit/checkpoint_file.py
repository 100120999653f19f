"""The append-only file of checkpoints: what the log's own database cannot take back.

It holds signed notes, one after the other. Where it lies is AUDIT_CHECKPOINTS; `chattr +a`, another
host or write-once storage make it stronger (docs/audit.md).
"""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from .checkpoint import Checkpoint, CheckpointRefused
from .signing import checked

#: Bytes at the end of the file that hold its last checkpoint, witnesses and all.
_TAIL = 1 << 14


class FileRefused(Exception):
    """The file is not what was appended to it; the message says where."""


def read(path: Path) -> list[Checkpoint]:
    """Every checkpoint in it, oldest first; none where there is no file. Raises FileRefused."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as unreadable:
        raise FileRefused(f"{path.name} cannot be read ({type(unreadable).__name__})") from None
    parts = text.split("\n\n")
    if parts.pop() or len(parts) % 2:
        raise FileRefused(f"{path.name} ends within a checkpoint")
    found: list[Checkpoint] = []
    for number, (body, signatures) in enumerate(zip(parts[::2], parts[1::2], strict=True), 1):
        try:
            one = checked(f"{body}\n\n{signatures}\n")
        except CheckpointRefused as refused:
            raise FileRefused(f"checkpoint {number} of {path.name} is {refused}") from None
        if found and one.size <= found[-1].size:
            raise FileRefused(
                f"checkpoint {number} of {path.name} goes back from {found[-1].size} to {one.size}"
            )
        found.append(one)
    return found


def last(path: Path) -> Checkpoint | None:
    """The newest checkpoint in it, from its end alone; None for no file. Raises FileRefused."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return None
    if not text:
        return None
    *_, body, signatures, end = ["", "", *text.split("\n\n")]
    if end:
        raise FileRefused(f"{path.name} ends within a checkpoint")
    try:
        return checked(f"{body}\n\n{signatures}\n")
    except CheckpointRefused as refused:
        raise FileRefused(f"the last checkpoint of {path.name} is {refused}") from None


def append(path: Path, notes: Iterable[tuple[int, str]]) -> None:
    """Add the notes, by size, that are larger than the last one in it, and wait for the disk.

    Raises FileRefused for a damaged file, OSError where it cannot be written. Two processes may
    call it at once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        newest = last(path)
        known = newest.size if newest else 0
        text = "".join(f"{note}\n" for size, note in notes if size > known).encode()
        before = os.fstat(descriptor).st_size
        if os.write(descriptor, text) != len(text):
            os.ftruncate(descriptor, before)
            raise OSError(f"{path.name} could not be written whole")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
