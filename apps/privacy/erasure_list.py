"""The list of erasures, outside the database: what a restored backup cannot take back.

One line for each: the time (UTC) and the user's id, nothing personal. It lies where ERASURE_LIST
says: on storage that every node shares, and that no restore of the database overwrites.

It only grows, so that it may be append-only (`chattr +a`). What a killed process left of a line
stays there and is ended by a mark. A short line without the mark is damage: an entry that lost its
end must not pass for a torn one, and bring its person back. Against whoever may write to the file
nothing here helps: a line that is taken out whole, or cut and marked, leaves no trace in it.
"""

import errno
import fcntl
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeVar
from uuid import UUID

_LINE = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_FORM = "0000-00-00T00:00:00Z 00000000-0000-0000-0000-000000000000"
_MARK = "~"  # behind the part of a line that was written
_T = TypeVar("_T")


class ListDamaged(Exception):
    """The list holds what was never written to it; the message says where."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One erasure that was asked for."""

    at: datetime
    user_id: UUID


def append(path: Path, user_id: UUID, at: datetime) -> None:
    """Add one erasure and wait for the disk. Nothing that stands in the file is changed.

    Raises OSError where it cannot be written, ListDamaged where the file ends in what is no entry.
    """
    _make(path.parent)
    line = f"{at.astimezone(UTC):{_TIME}} {user_id}\n"
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        end = os.fstat(descriptor).st_size
        if end == 0:
            # The name before the content: a file with an entry is never one that a crash loses.
            _sync(path.parent)
        window = 2 * len(line)
        last = os.pread(descriptor, window, max(0, end - window)).rpartition(b"\n")[2]
        added = (_ending(_text(last), path) + line).encode()
        if os.write(descriptor, added) != len(added):
            raise OSError(errno.EIO, "It could not be written whole", str(path))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> list[Listed]:
    """Every erasure in it, oldest first; none where there is no file. Raises ListDamaged.

    A last line that is whole and lacks its end counts; one that is torn was promised to nobody.
    """
    *lines, last = _text(_asked(path, lambda file: file.read(), b"")).split("\n")
    entries = [
        (number, line)
        for number, line in enumerate(lines, 1)
        if not (line.endswith(_MARK) and _is_torn(line))
    ]
    if last and not _is_torn(last):
        entries.append((len(lines) + 1, last))
    return [_parsed(line, number, path) for number, line in entries]


def version(path: Path) -> tuple[int, ...]:
    """Another one as soon as the file is; empty where there is none. Raises ListDamaged.

    It holds the time of change and not of modification, which whoever may write can set back.
    """
    # Opened, because a file system of the network answers `stat` from its memory.
    return _asked(path, _version, ())


def _version(file: BinaryIO) -> tuple[int, ...]:
    status = os.fstat(file.fileno())
    return status.st_dev, status.st_ino, status.st_size, status.st_ctime_ns


def _asked(path: Path, question: Callable[[BinaryIO], _T], none: _T) -> _T:
    try:
        with path.open("rb") as file:
            return question(file)
    except FileNotFoundError:
        return none
    except OSError as unreadable:
        raise ListDamaged(f"{path.name} cannot be read ({type(unreadable).__name__})") from None


def _ending(last: str, path: Path) -> str:
    """What has to stand between the last line, where it has no end, and the next one."""
    if not last:
        return ""
    if _is_torn(last):
        return f"{_MARK}\n"
    _parsed(last, "last", path)
    return "\n"


def _is_torn(line: str) -> bool:
    """Is it the beginning of an entry and not the whole, with or without marks?"""
    begun = line.rstrip(_MARK)
    return 0 < len(begun) < len(_FORM) and bool(_LINE.fullmatch(begun + _FORM[len(begun) :]))


def _parsed(line: str, number: int | str, path: Path) -> Listed:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ListDamaged(f"line {number} of {path.name} is no erasure")
    try:
        at = datetime.fromisoformat(found[1])
    except ValueError:
        raise ListDamaged(f"line {number} of {path.name} has no time") from None
    return Listed(at, UUID(found[2]))


def _text(raw: bytes) -> str:
    return raw.decode("ascii", errors="replace")


def _make(directory: Path) -> None:
    if not directory.is_dir():
        _make(directory.parent)
        directory.mkdir(exist_ok=True)
        _sync(directory.parent)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
