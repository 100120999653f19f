"""The values of one table anew under the active key, a batch at a time, while others use it.

Guarantees: a batch is read, opened, sealed and written in one transaction that holds its rows, so
no change of anybody's is overwritten, and at every moment a row is there, under the old key or
under the new one. A row that somebody else holds is passed over, never waited for: two rotations
share the work, and none is part of a deadlock. What does not open stays as it is and is told. Only
the encrypted columns and their blind indexes are written. Nothing is kept but in the rows: killed
at any point, the next run goes on from there. Does not look at values that name the active key.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from apps.encryption.blind_index import blind_index
from apps.encryption.column_update import ColumnUpdate, Row
from apps.encryption.envelope import HEADER_BYTES, column_cipher, header
from apps.encryption.errors import DecryptionRefused, UnreadableContent
from apps.encryption.keys import KeyRing
from apps.encryption.normal_forms import NoNormalForm
from apps.encryption.row_id import pk_bytes
from apps.encryption.stored import SealedTable, StoredBytes


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
        self.values = [(f.name, column_cipher(ring, table.name, f.column)) for f in table.values]
        position = {name: number for number, (name, _) in enumerate(self.values)}
        self.indexes = [
            (
                f.name,
                blind_index(ring, table.name, f.column, f.normaliser, f.bits),
                position[f.value_field],
            )
            for f in table.indexes
        ]
        self.update = ColumnUpdate(table)
        # A change of what is unique needs the whole lock; taken later, it would be waited for.
        self.no_key = not any(field.unique for field in table.indexes)

    def write(self) -> Iterator[int]:
        """Seal anew; yields after every batch how many values that were."""
        last = None
        with _loaded_set_aside():
            while True:
                started = time.monotonic()
                rows, count = self._write_batch(last)
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

    def _write_batch(self, last: Any) -> tuple[list[tuple], int]:
        """The rows that were looked at, and how many of their values were sealed anew."""
        with transaction.atomic():
            batch = self._batch(last).select_for_update(skip_locked=True, no_key=self.no_key)
            rows = list(batch)
            return rows, self._store([row for row in map(self._anew, rows) if row[1]])

    def _batch(self, last: Any) -> QuerySet:
        """The next rows behind `last`, by key: the key, then the bytes of every column."""
        rows = self.stale if last is None else self.stale.filter(pk__gt=last)
        stored = [StoredBytes(field.attname) for field in self.table.fields]
        return rows.values_list("pk", *stored)[: self.size]

    def _anew(self, row: tuple[Any, ...]) -> tuple[Row, list[str]]:
        """A row to be written, and which of its columns are made anew."""
        pk, *held = row
        row_id, active, changed, opened = pk_bytes(self.pk, pk), self.active, [], {}
        for position, (name, cipher) in enumerate(self.values):
            envelope = held[position]
            if envelope is None or _begins(envelope, active):
                continue
            try:
                opened[position] = text = cipher.unseal(row_id, envelope)
            except DecryptionRefused as refused:
                self._leave(name, pk, refused)
                continue
            held[position] = cipher.seal(row_id, text)
            changed.append(name)
        for position, (name, index, value) in enumerate(self.indexes, len(self.values)):
            if held[position] is None or _begins(held[position], active):
                continue
            try:
                text = opened.get(value)
                if text is None:  # it has gone ahead of its index
                    text = self.values[value][1].unseal(row_id, held[value])
                held[position] = index.of(_text(text))
                changed.append(name)
            except (DecryptionRefused, NoNormalForm) as refused:
                self._leave(name, pk, refused)
        return [*held, pk], changed

    def _store(self, anew: list[tuple[Row, list[str]]]) -> int:
        """Write these rows; where a blind index turns out not to be unique, those that can be."""
        if not anew:
            return 0
        try:
            self.update.run([row for row, _ in anew])
            return sum(len(changed) for _, changed in anew)
        except IntegrityError:
            return sum(self._store_one(*one) for one in anew)

    def _store_one(self, row: Row, changed: list[str]) -> int:
        try:
            self.update.run([row])
            return len(changed)
        except IntegrityError as refused:
            for name in changed:
                self._leave(name, row[-1], refused)
            return 0

    def _leave(self, name: str, pk: Any, refused: Exception) -> None:
        column = self.table.model._meta.get_field(name).column
        self.tell(Unreadable(self.table.name, column, str(pk), type(refused).__name__))


@contextmanager
def _loaded_set_aside() -> Iterator[None]:
    """The collector looks through what is loaded by now again after every few batches: a tenth of
    the time, for nothing."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _begins(stored: Any, active: bytes) -> bool:
    # SQLite holds whatever was put into a column: a number has no beginning.
    return type(stored) is bytes and stored[:HEADER_BYTES] == active


def _text(plaintext: bytes) -> str:
    try:
        return plaintext.decode()
    except UnicodeDecodeError:
        pass  # raised below: the error in flight would carry the whole plaintext
    raise UnreadableContent("not a text")
