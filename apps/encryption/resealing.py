"""The values of one table anew under the active key, a batch at a time, while others use it.

Guarantees: a batch is read, opened, sealed and written in one transaction that holds its rows, so
no change of anybody's is overwritten, and at every moment a row is there, under the old key or
under the new one. A row that somebody else holds is passed over, never waited for: two rotations
share the work, and none is part of a deadlock. What does not open stays as it is and is told. Only
the encrypted columns are written. Nothing is kept but in the rows: killed at any point, the next
run goes on from there. Does not look at values that already name the active key.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.sql import UpdateQuery

from apps.core.compiled import Slot
from apps.core.planned import planned_once
from apps.encryption.envelope import HEADER_BYTES, column_cipher, header
from apps.encryption.errors import DecryptionRefused
from apps.encryption.keys import KeyRing
from apps.encryption.row_id import pk_bytes
from apps.encryption.sealed import Sealed
from apps.encryption.stored import SealedTable


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that was not opened, by its place; `why` names the kind of refusal."""

    table: str
    column: str
    row: str
    why: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}, row {self.row}: {self.why}"


class Resealing:
    """One walk over one table. `tell` is called with every value that does not open."""

    def __init__(
        self, table: SealedTable, ring: KeyRing, size: int, tell: Callable[[Unreadable], None]
    ) -> None:
        self.table, self.size, self.tell = table, size, tell
        self.pk = table.model._meta.pk
        self.active = header(ring.active)
        self.stale = table.not_under({ring.active}).order_by("pk")
        self.ciphers = [column_cipher(ring, table.name, f.column) for f in table.fields]
        self.statement = self._statement()

    def write(self) -> Iterator[int]:
        """Seal anew; yields after every batch how many values that were."""
        last = None
        while True:
            started = time.monotonic()
            with transaction.atomic():
                batch = self._batch(last).select_for_update(skip_locked=True, no_key=True)
                rows = list(batch)
                anew = [row for row in map(self._anew, rows) if row[1]]
                if anew:
                    with planned_once(connection) as cursor:
                        cursor.executemany(self.statement, [values for values, _ in anew])
            if not rows:
                return
            last = rows[-1][0]
            yield sum(count for _, count in anew)
            if connection.vendor == "sqlite":
                # It has one lock for all, and whoever waits for it looks only now and then.
                time.sleep((time.monotonic() - started) / 2)

    def rehearse(self) -> Iterator[int]:
        """The same walk; nothing is held and nothing written."""
        last = None
        while rows := list(self._batch(last)):
            last = rows[-1][0]
            yield sum(count for _, count in map(self._anew, rows))

    def _batch(self, last: Any) -> QuerySet:
        """The next rows behind `last`, by key: the key, then every encrypted column."""
        rows = self.stale if last is None else self.stale.filter(pk__gt=last)
        return rows.values_list("pk", *(f.attname for f in self.table.fields))[: self.size]

    def _anew(self, row: tuple[Any, ...]) -> tuple[list[Any], int]:
        """What the statement takes for a row, and how many of its values are sealed anew."""
        pk, *held = row
        row_id, count = pk_bytes(self.pk, pk), 0
        values = []
        for cipher, field, sealed in zip(self.ciphers, self.table.fields, held, strict=True):
            envelope = None if sealed is None else sealed.envelope
            if envelope is not None and envelope[:HEADER_BYTES] != self.active:
                try:
                    envelope = cipher.seal(row_id, cipher.unseal(row_id, envelope))
                    count += 1
                except DecryptionRefused as refused:
                    place = self.table.name, field.column, str(pk)
                    self.tell(Unreadable(*place, type(refused).__name__))
            values.append(envelope)
        values.append(self.pk.get_db_prep_value(pk, connection))
        return values, count

    def _statement(self) -> str:
        """`UPDATE … SET` every encrypted column `WHERE` the key is one; by the ORM, once."""
        query = self.table.rows.filter(pk=Slot("pk")).query.chain(UpdateQuery)
        query.add_update_values({field.name: Sealed(b"") for field in self.table.fields})
        return query.get_compiler(connection=connection).as_sql()[0]
