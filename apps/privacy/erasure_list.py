"""The list of erasures, outside the database: what a restored backup cannot take back.

One line for each: the time (UTC) and the user's id, nothing personal. It lies where ERASURE_LIST
says: on storage that every node shares, and that no restore of the database overwrites.
"""

import fcntl
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

_LINE = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_LENGTH = 58  # of a line, with its end


class ListDamaged(Exception):
    """The list holds what was never written to it; the message says where."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One erasure that was asked for."""

    at: datetime
    user_id: UUID


def append(path: Path, user_id: UUID, at: datetime) -> None:
    """Add one erasure and wait for the disk. Raises OSError where it cannot be written.

    A line that a killed process left unfinished is cut off first: nobody was told that it stood.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    line = f"{at.astimezone(UTC):{_TIME}} {user_id}\n".encode()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        end = os.fstat(descriptor).st_size
        whole = end - end % _LENGTH
        if whole != end:
            os.ftruncate(descriptor, whole)
        if os.write(descriptor, line) != len(line):
            os.ftruncate(descriptor, whole)
            raise OSError(f"{path.name} could not be written whole")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> list[Listed]:
    """Every erasure in it, oldest first; none where there is no file. Raises ListDamaged."""
    return [_parsed(text, number, path) for number, text in enumerate(_lines(path, 0), 1)]


def last(path: Path) -> Listed | None:
    """The newest one, from the end of the file alone. Raises ListDamaged."""
    lines = _lines(path, 2 * _LENGTH)
    return _parsed(lines[-1], "last", path) if lines else None


def _lines(path: Path, tail: int) -> list[str]:
    """The whole lines of the file, or those within its last bytes."""
    try:
        with path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            whole = end - end % _LENGTH
            start = max(0, whole - tail) if tail else 0
            file.seek(start)
            text = file.read(whole - start).decode("ascii", errors="replace")
    except FileNotFoundError:
        return []
    except OSError as unreadable:
        raise ListDamaged(f"{path.name} cannot be read ({type(unreadable).__name__})") from None
    return [text[at : at + _LENGTH] for at in range(0, len(text), _LENGTH)]


def _parsed(line: str, number: int | str, path: Path) -> Listed:
    found = _LINE.fullmatch(line.removesuffix("\n")) if line.endswith("\n") else None
    if found is None:
        raise ListDamaged(f"line {number} of {path.name} is no erasure")
    try:
        at = datetime.strptime(found[1], _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise ListDamaged(f"line {number} of {path.name} has no time") from None
    return Listed(at, UUID(found[2]))
