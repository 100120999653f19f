"""Sealed entries in the order of their places, streamed: memory stays flat at any length.

One statement instead of the ORM: entries and places have no foreign key that it could follow, and
verifying a long log spends its time here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
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
#: The columns of FIELDS in their order, the id as the place has it. The places are cut off before
#: they are joined: else a server without statistics joins the rest of the log for every chunk.
_SQL = """
SELECT l.position, l.hashes, e.mac,
       l.entry_id, e.at, e.verb, e.outcome, e.reason, e.actor, e.credential,
       e.object_type, e.object_id, CAST(e.changes AS text), e.request_id, e.address, e.route
FROM (SELECT position, entry_id, hashes FROM audit_leaf
      WHERE position >= %s AND position < %s ORDER BY position LIMIT %s) l
LEFT JOIN audit_entry e ON e.id = l.entry_id
ORDER BY l.position
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
    read = _postgresql if connection.vendor == "postgresql" else _sqlite
    while chunk := read(start, end):
        for position, hashes, mac, *values in chunk:
            entry = None
            if mac is not None:
                values[_CHANGES] = orjson.loads(values[_CHANGES])
                entry = dict(zip(FIELDS, values, strict=True))
            yield SealedRow(position, values[0], bytes(hashes), entry, mac)
        start = chunk[-1][0] + 1


def _postgresql(start: int, end: int) -> list[tuple[Any, ...]]:
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        # In binary, because psycopg reads times out of text many times more slowly.
        return cursor.execute(_SQL, [start, end, _CHUNK], binary=True).fetchall()


def _sqlite(start: int, end: int) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [start, end, _CHUNK])
        return [_typed(*row) for row in cursor.fetchall()]


def _typed(position: int, hashes: bytes, mac: bytes, entry_id: str, at: str, *rest: Any) -> list:
    moment = connection.ops.convert_datetimefield_value(at, None, connection)
    return [position, hashes, mac, UUID(entry_id), moment, *rest]
