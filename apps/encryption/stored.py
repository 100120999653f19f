"""Where envelopes and blind indexes stand, and under which keys: asked from the database.

Guarantees: every model of every installed app is looked at, so a new field cannot be forgotten; a
count is of what stands there at that moment. Does not open anything: an envelope that names a key
may still be one that was altered.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import (
    BinaryField,
    Count,
    ExpressionWrapper,
    F,
    Func,
    Model,
    Q,
    QuerySet,
    Value,
)

from apps.encryption.blind_index_field import BlindIndexField
from apps.encryption.encrypted_field import EncryptedField
from apps.encryption.envelope import HEADER_BYTES, header, key_of
from apps.encryption.keys import KeyRing


class StoredBytes(ExpressionWrapper):
    """A column as it stands there, without the type that its field wraps around it."""

    def __init__(self, column: str) -> None:
        super().__init__(F(column), BinaryField())


class Header(Func):
    """What an envelope begins with, cut out by the database: its version and its key's id."""

    function = "SUBSTR"
    output_field = BinaryField()

    def __init__(self, column: str) -> None:
        super().__init__(F(column), Value(1), Value(HEADER_BYTES))

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple]:
        """There the beginning of nothing is NULL, as if no value stood there."""
        sql, parameters = self.as_sql(compiler, connection)
        column, _ = compiler.compile(self.source_expressions[0])
        return f"CASE WHEN LENGTH({column}) = 0 THEN X'' ELSE {sql} END", tuple(parameters)


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table with encrypted columns: its fields of values, and those of their blind indexes."""

    model: type[Model]
    values: tuple[EncryptedField, ...]
    indexes: tuple[BlindIndexField, ...]

    @property
    def fields(self) -> tuple[EncryptedField | BlindIndexField, ...]:
        """All columns that name a key: values first."""
        return self.values + self.indexes

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def rows(self) -> QuerySet:
        """All of its rows: no manager of the model's, which may leave some out, is asked."""
        return QuerySet(self.model)

    def counted(self) -> Iterator[tuple[str, int | None, int]]:
        """Column, key id and how many values; None for what is no envelope."""
        for field in self.fields:
            starts = self.rows.order_by().values_list(Header(field.attname))
            for start, count in starts.annotate(Count("pk")):
                if start is not None:
                    yield field.column, key_of(start), count

    def not_under(self, key_ids: set[int]) -> QuerySet:
        """The rows with a value that is under none of these keys."""
        return self._where(lambda start: ~Q(**{f"{start}__in": _headers(key_ids)}))

    def under(self, key_ids: set[int]) -> QuerySet:
        """The rows with a value that is under one of these keys."""
        return self._where(lambda start: Q(**{f"{start}__in": _headers(key_ids)}))

    def _where(self, says: Callable[[str], Q]) -> QuerySet:
        rows, wanted = self.rows, Q()
        for number, field in enumerate(self.fields):
            start = f"{number}start"  # no field can be called so
            rows = rows.alias(**{start: Header(field.attname)})
            wanted |= says(start)  # NULL is neither in a list nor outside of it: it needs no key
        return rows.filter(wanted)


def _headers(key_ids: set[int]) -> list[bytes]:
    return [header(key_id) for key_id in sorted(key_ids)]


def sealed_tables() -> list[SealedTable]:
    """Every table of the installed apps that has encrypted columns, and stands in the database."""
    present = set(connection.introspection.table_names(include_views=True))
    found = []
    for model in apps.get_models(include_auto_created=True):
        fields = model._meta.local_concrete_fields
        values = tuple(field for field in fields if isinstance(field, EncryptedField))
        indexes = tuple(field for field in fields if isinstance(field, BlindIndexField))
        if values and model._meta.db_table in present:
            found.append(SealedTable(model, values, indexes))
    return sorted(found, key=lambda table: table.name)


Counts = dict[tuple[str, str], Counter[int | None]]


def values_by_key() -> Counts:
    """By table and column: how many values stand under which key; None for no envelope."""
    counts: Counts = {}
    for table in sealed_tables():
        for field in table.fields:
            counts[table.name, field.column] = Counter()
        for column, key_id, count in table.counted():
            counts[table.name, column][key_id] += count
    return counts


def out_of_reach(ring: KeyRing) -> list[str]:
    """The tables with values under keys that this ring does not hold, or that are no envelopes.

    One pass over each table, which ends at the first such value.
    """
    return [table.name for table in sealed_tables() if table.not_under(ring.ids).exists()]


def resting_on_any(key_ids: set[int]) -> list[str]:
    """The tables with values under any of these keys; a pass over each, up to the first."""
    return [table.name for table in sealed_tables() if table.under(key_ids).exists()]


def resting_on(key_id: int, counts: Counts) -> dict[str, int]:
    """`table.column` → how many values need this key; empty where it can go."""
    return {
        f"{table}.{column}": by_key[key_id]
        for (table, column), by_key in counts.items()
        if by_key[key_id]
    }
