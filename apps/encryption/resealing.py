"""The values of one table anew under the active key, a batch at a time, while others use it.

Guarantees: a batch is read, opened, sealed and written in one transaction that holds its rows, so
no change of anybody's is overwritten, and at every moment a row is there, under the old key or
under the new one. A row that somebody else holds is passed over, never waited for: two rotations
share the work, and none is part of a deadlock. What does not open stays as it is and is told. Only
the encrypted columns and their blind indexes are written. Nothing is kept but in the rows: killed
at any point, the next run goes on from there. Does not look at values that name the active key.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.models.sql import UpdateQuery

from apps.core.compiled import Slot
from apps.core.planned import planned_once
from apps.encryption.blind_index import blind_index
from apps.encryption.envelope import HEADER_BYTES, column_cipher, header
from apps.encryption.errors import DecryptionRefused
from apps.encryption.keys import KeyRing
from apps.encryption.normal_forms import NoNormalForm
from apps.encryption.row_id import pk_bytes
from apps.encryption.sealed import Blinded, Sealed
from apps.encryption.stored import SealedTable

#: What the statement takes for a row, and the columns that it changes.
Row = tuple[list[Any], list[str]]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that was not sealed anew, by its place; `why` names the kind of refusal."""

    table: str
    column: str
    row: str
    why: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}, row {self.row}: {self.why}"


class Resealing:
    """One walk over one table. `tell` is called with every value that stays as it is."""

    def __init__(
        self, table: SealedTable, ring: KeyRing, size: int, tell: Callable[[Unreadable], None]
    ) -> None:
        self.table, self.size, self.tell = table, size, tell
        self.pk = table.model._meta.pk
        self.active = header(ring.active)
        self.stale = table.not_under({ring.active}).order_by("pk")
        self.ciphers = {f.name: column_cipher(ring, table.name, f.column) for f in table.values}
        self.indexes = {
            f.name: blind_index(ring, table.name, f.column, f.normaliser, f.bits)
            for f in table.indexes
        }
        self.statement = self._statement()
        # A change of what is unique needs the whole lock; taken later, it would be waited for.
        self.no_key = not any(field.unique for field in table.indexes)

    def write(self) -> Iterator[int]:
        """Seal anew; yields after every batch how many values that were."""
        last = None
        while True:
            started = time.monotonic()
            with transaction.atomic():
                batch = self._batch(last).select_for_update(skip_locked=True, no_key=self.no_key)
                rows = list(batch)
                anew = [row for row in map(self._anew, rows) if row[1]]
                count = self._store(anew)
            if not rows:
                return
            last = rows[-1][0]
            yield count
            if connection.vendor == "sqlite":
                # It has one lock for all, and whoever waits for it looks only now and then.
                time.sleep((time.monotonic() - started) / 2)

    def rehearse(self) -> Iterator[int]:
        """The same walk; nothing is held and nothing written."""
        last = None
        while rows := list(self._batch(last)):
            last = rows[-1][0]
            yield sum(len(changed) for _, changed in map(self._anew, rows))

    def _batch(self, last: Any) -> QuerySet:
        """The next rows behind `last`, by key: the key, then every column that names a key."""
        rows = self.stale if last is None else self.stale.filter(pk__gt=last)
        return rows.values_list("pk", *(f.attname for f in self.table.fields))[: self.size]

    def _anew(self, row: tuple[Any, ...]) -> Row:
        """What the statement takes for a row, and which of its columns are made anew."""
        pk, *held = row
        row_id, changed = pk_bytes(self.pk, pk), []
        sealed, blinded = held[: len(self.ciphers)], held[len(self.ciphers) :]
        envelopes, opened = {}, {}
        for (name, cipher), one in zip(self.ciphers.items(), sealed, strict=True):
            envelopes[name] = envelope = None if one is None else one.envelope
            if envelope is not None and envelope[:HEADER_BYTES] != self.active:
                try:
                    opened[name] = cipher.unseal(row_id, envelope)
                except DecryptionRefused as refused:
                    self._leave(name, pk, refused)
                    continue
                envelopes[name] = cipher.seal(row_id, opened[name])
                changed.append(name)
        values = list(envelopes.values())
        for field, one in zip(self.table.indexes, blinded, strict=True):
            index = None if one is None else one.index
            if index is not None and index[:HEADER_BYTES] != self.active:
                name = field.value_field
                try:
                    # Its value may have gone ahead of it, or be of an older key than this one.
                    text = opened.get(name) or self.ciphers[name].unseal(row_id, envelopes[name])
                    index = self.indexes[field.name].of(text.decode())
                    changed.append(field.name)
                except (DecryptionRefused, NoNormalForm) as refused:
                    self._leave(field.name, pk, refused)
            values.append(index)
        values.append(self.pk.get_db_prep_value(pk, connection))
        return values, changed

    def _store(self, anew: list[Row]) -> int:
        """Write these rows; where a blind index turns out not to be unique, those that can be."""
        if not anew:
            return 0
        try:
            with transaction.atomic(), planned_once(connection) as cursor:
                cursor.executemany(self.statement, [values for values, _ in anew])
            return sum(len(changed) for _, changed in anew)
        except IntegrityError as refused:
            if len(anew) > 1:
                return sum(self._store([row]) for row in anew)
            values, changed = anew[0]
            for name in changed:
                self._leave(name, self.pk.to_python(values[-1]), refused)
            return 0

    def _leave(self, name: str, pk: Any, refused: Exception) -> None:
        column = self.table.model._meta.get_field(name).column
        self.tell(Unreadable(self.table.name, column, str(pk), type(refused).__name__))

    def _statement(self) -> str:
        """`UPDATE … SET` each of these columns `WHERE` the key is one; by the ORM, once."""
        query = self.table.rows.filter(pk=Slot("pk")).query.chain(UpdateQuery)
        empty = {field.name: Sealed(b"") for field in self.table.values}
        empty |= {field.name: Blinded(b"") for field in self.table.indexes}
        query.add_update_values(empty)
        return query.get_compiler(connection=connection).as_sql()[0]
