"""The file of erasures only grows, and no entry that was written whole is lost or passed over."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock
from uuid import UUID, uuid4

import pytest

from apps.privacy.erasure_list import ListDamaged, append, read

AT = datetime(2026, 11, 30, 23, 59, 58, tzinfo=UTC)
ENTRY = "2026-01-02T03:04:05Z 01a2014a-9dfe-7313-b3ca-6a2a487b7a92"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "erasures.txt"


def listed(path: Path) -> list[UUID]:
    return [one.user_id for one in read(path)]


def adds(path: Path) -> UUID:
    """One more entry, behind everything that stood there: what `chattr +a` allows."""
    before, user_id = path.read_bytes() if path.exists() else b"", uuid4()
    append(path, user_id, AT)
    assert path.read_bytes().startswith(before)
    return user_id


def test_wherever_a_writing_process_is_killed_the_next_one_goes_on(path: Path) -> None:
    """Also while it goes on behind somebody who was killed, and in front of the line end."""
    first = adds(path)
    with path.open("a") as file:
        file.write(ENTRY[:30])
    second = adds(path)
    whole = path.read_bytes()
    ends = {first: len(ENTRY), second: len(whole) - 1}

    for written in range(len(whole) + 1):
        path.write_bytes(whole[:written])
        before = [user_id for user_id, end in ends.items() if written >= end]
        assert listed(path) == before, written
        assert [*before, adds(path)] == listed(path), written


def test_a_last_line_that_lacks_only_its_end_is_an_erasure_and_stays_one(path: Path) -> None:
    path.write_text(ENTRY)
    entry = UUID(ENTRY[-36:])

    assert listed(path) == [entry]
    assert [entry, adds(path)] == listed(path)


def test_an_append_below_a_foreign_line_harms_no_entry(path: Path) -> None:
    path.write_text(f"# Erasures of 2026\n{ENTRY}\n")
    adds(path)

    with pytest.raises(ListDamaged, match=r"line 1 of erasures\.txt"):
        read(path)


@pytest.mark.parametrize(
    "end", ["x", " ", "~", "\0\0", "2026-01-02 ", f"{ENTRY}x", f"{ENTRY}~", "9" * 200]
)
def test_nothing_is_added_behind_what_is_no_beginning_of_an_entry(path: Path, end: str) -> None:
    path.write_text(f"{ENTRY}\n{end}")

    with pytest.raises(ListDamaged):
        append(path, uuid4(), AT)
    assert path.read_text() == f"{ENTRY}\n{end}"
    with pytest.raises(ListDamaged):
        read(path)


@pytest.mark.parametrize("short", ["", ENTRY[:-1], ENTRY[:20], ENTRY[:1], f"{ENTRY}~", "~"])
def test_an_entry_that_lost_its_end_does_not_pass_for_a_torn_one(path: Path, short: str) -> None:
    """Else an editor, or a disk, brings a person back and nobody notices."""
    path.write_text(f"{ENTRY}\n{short}\n{ENTRY}\n")

    with pytest.raises(ListDamaged, match="line 2"):
        read(path)


def test_a_disk_that_takes_a_part_of_a_line_is_an_error_and_heals(path: Path) -> None:
    first, write = adds(path), os.write
    with (
        mock.patch("apps.privacy.erasure_list.os.write", lambda file, raw: write(file, raw[:9])),
        pytest.raises(OSError, match="whole"),
    ):
        append(path, uuid4(), AT)
    assert listed(path) == [first]

    assert [first, adds(path)] == listed(path)


def test_the_disk_has_every_new_name_before_an_entry_is_promised(tmp_path: Path) -> None:
    """A file whose directory is not synced is gone after a power failure, whatever it holds."""
    path, synced, sync = tmp_path / "new" / "deep" / "erasures.txt", [], os.fsync

    def noted(file: int) -> None:
        at = os.fstat(file)
        synced.append((at.st_ino, stat.S_ISDIR(at.st_mode) or at.st_size))
        sync(file)

    with mock.patch("apps.privacy.erasure_list.os.fsync", noted):
        append(path, uuid4(), AT)

    names = [tmp_path, tmp_path / "new", path.parent]
    expected = [*((one.stat().st_ino, True) for one in names), (path.stat().st_ino, 58)]
    assert synced == expected
