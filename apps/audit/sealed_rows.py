"""Sealed entries in the order of their places, streamed: memory stays flat at any length.

One statement instead of the ORM: entries and places have no foreign key that it could follow, and
verifying a long log spends its time here.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import connection

from .entry_mac import FIELDS
from .leaves import leaf_data

_CHUNK = 2_000
_END = 2**63 - 1
_CHANGES = FIELDS.index("changes")
_AT = FIELDS.index("at")
#: The columns in the order of FIELDS.
_SQL = """
SELECT l.position, l.entry_id, l.hashes, e.mac,
       e.id, e.at, e.verb, e.outcome, e.reason, e.actor, e.credential, e.object_type, e.object_id,
       CAST(e.changes AS text), e.request_id, e.address, e.route
FROM audit_leaf l LEFT JOIN audit_entry e ON e.id = l.entry_id
WHERE l.position >= %s AND l.position < %s
ORDER BY l.position LIMIT %s
"""


@dataclass(slots=True)
class SealedRow:
    """A place and what is there: `data` is None where the entry is gone."""

    position: int
    entry_id: UUID
    hashes: bytes
    entry: dict[str, object] | None
    mac: bytes

    @property
    def data(self) -> bytes | None:
        return None if self.entry is None else leaf_data(self.entry, self.mac)


def sealed_rows(start: int = -_END, end: int = _END) -> Iterator[SealedRow]:
    """The places from `start` on, before `end`, that have a row; by default all there are, those
    included that nobody ever gave out."""
    chunks = _ahead if connection.vendor == "postgresql" else _in_turn
    for chunk in chunks(start, end):
        for position, entry_id, hashes, mac, *values in chunk:
            entry = None
            if mac is not None:
                values[_CHANGES] = orjson.loads(values[_CHANGES])
                entry = dict(zip(FIELDS, values, strict=True))
            yield SealedRow(position, entry_id, bytes(hashes), entry, mac)


def _ahead(start: int, end: int) -> Iterator[list[tuple[Any, ...]]]:
    """The server looks up the next chunk while this one is hashed."""
    connection.ensure_connection()
    read = partial(_postgresql, connection.connection)
    with ThreadPoolExecutor(1) as server:
        waiting = server.submit(read, start, end)
        while chunk := waiting.result():
            waiting = server.submit(read, chunk[-1][0] + 1, end)
            yield chunk


def _in_turn(start: int, end: int) -> Iterator[list[list[Any]]]:
    while chunk := _sqlite(start, end):
        yield chunk
        start = chunk[-1][0] + 1


def _postgresql(server: psycopg.Connection, start: int, end: int) -> list[tuple[Any, ...]]:
    with psycopg.Cursor(server) as cursor:
        # In binary, because psycopg reads times out of text many times more slowly.
        return cursor.execute(_SQL, [start, end, _CHUNK], binary=True).fetchall()


def _sqlite(start: int, end: int) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [start, end, _CHUNK])
        return [_typed(list(row)) for row in cursor.fetchall()]


def _typed(row: list[Any]) -> list[Any]:
    row[1] = UUID(row[1])
    if row[4] is not None:
        row[4] = UUID(row[4])
        at = 4 + _AT
        row[at] = connection.ops.convert_datetimefield_value(row[at], None, connection)
    return row
