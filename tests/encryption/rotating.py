"""The rotation as an operator runs it, and the ring that it runs on."""

from io import StringIO

from django.core.management import CommandError, call_command

from apps.encryption.envelope import column_cipher, key_of
from apps.encryption.keys import KeyRing
from apps.encryption.ring import key_ring
from tests.encryption.raw import raw_value


def run(command: str, *arguments: str) -> tuple[int, str]:
    """Exit status and everything that was said."""
    said = StringIO()
    try:
        call_command(command, *arguments, stdout=said, stderr=said)
    except CommandError as refused:
        return 1, f"{said.getvalue()}{refused}"
    return 0, said.getvalue()


def rotate(*arguments: str) -> tuple[int, str]:
    return run("rotate_keys", *arguments)


def key_id(row: object, column: str) -> int | None:
    """Which key the stored value is under."""
    return key_of(raw_value(row, column))


def under_key_1(row: object, column: str = "note", text: bytes = b"n") -> bytes:
    """What a node that still seals under key 1 would write there."""
    old = KeyRing(key_ring()._keys, 1)
    return column_cipher(old, row._meta.db_table, column).seal(row.pk.bytes, text)
