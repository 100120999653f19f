"""The encrypted columns and blind indexes of many rows at once, each row found by its key.

Guarantees: all of the rows are changed, or none. They are meant to be held by the transaction that
calls. PostgreSQL gets a batch as one array for each column and one statement that joins them, which
takes half to three quarters of what a statement for each row takes.
"""

from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction
from django.db.models.sql import UpdateQuery
from psycopg import sql

from apps.core.compiled import Slot
from apps.core.planned import planned_once
from apps.encryption.sealed import Blinded, Sealed
from apps.encryption.stored import SealedTable

#: For each column the bytes to write, in the order of `SealedTable.fields`; then the key.
Row = list[Any]
#: That one statement carries. PostgreSQL takes 1 GiB at the most, and reads it whole first.
_MOST_BYTES = 16 * 2**20


class ColumnUpdate:
    """What writes to one table."""

    def __init__(self, table: SealedTable) -> None:
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._key: Callable[..., Any] = table.model._meta.pk.get_db_prep_value
        self._joins = self._connection.vendor == "postgresql"
        self._sql = _joined(table) if self._joins else _single(table)

    def run(self, rows: list[Row]) -> None:
        """Raises IntegrityError where a blind index must be unique and is not, or a row is not."""
        keys = [self._key(row[-1], self._connection) for row in rows]
        with transaction.atomic(), planned_once(self._connection) as cursor:
            if self._joins:
                *held, _ = map(list, zip(*rows, strict=True))
                changed = self._join(cursor, [*held, keys])
            else:
                stored = ([*row[:-1], key] for row, key in zip(rows, keys, strict=True))
                cursor.executemany(self._sql, stored)
                changed = cursor.rowcount
            # A trigger or a row policy can have an UPDATE do nothing, and say nothing. Two rows
            # under one key, as in a table that inherits from another, would get one's value both.
            if not changed == len(set(keys)) == len(rows):
                raise IntegrityError(f"the database changed {changed} of {len(rows)} rows")

    def _join(self, cursor: Any, columns: list[list]) -> int:
        middle = len(columns[-1]) // 2
        size = sum(sum(map(len, filter(None, column))) for column in columns[:-1])
        if size > _MOST_BYTES and middle:
            halves = slice(None, middle), slice(middle, None)
            return sum(self._join(cursor, [column[half] for column in columns]) for half in halves)
        cursor.execute(self._sql, columns)
        return cursor.rowcount


def _joined(table: SealedTable) -> str:
    """One statement for all rows; its values are a binary array for each column, keys last."""
    pk = table.model._meta.pk
    columns = [sql.Identifier(field.column) for field in table.fields]
    types = [*("bytea" for _ in columns), _type_of_key(table)]
    statement = sql.SQL(
        "UPDATE {rows} AS held SET {set} FROM unnest({arrays}) AS anew ({columns}, {pk})"
        " WHERE held.{pk} = anew.{pk}"
    )
    return statement.format(
        rows=sql.Identifier(table.name),
        set=sql.SQL(", ").join(sql.SQL("{0} = anew.{0}").format(column) for column in columns),
        columns=sql.SQL(", ").join(columns),
        pk=sql.Identifier(pk.column),
        arrays=sql.SQL(", ").join(sql.SQL(f"%b::{one}[]") for one in types),
    ).as_string()


def _type_of_key(table: SealedTable) -> str:
    """As the column is. A cast to what the model says, which may be shorter, would cut a key."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attname = %s",
            [sql.Identifier(table.name).as_string(), table.model._meta.pk.column],
        )
        return cursor.fetchone()[0]


def _single(table: SealedTable) -> str:
    """A statement for one row, made by the ORM."""
    query = table.rows.filter(pk=Slot("pk")).query.chain(UpdateQuery)
    empty = {field.name: Sealed(b"") for field in table.values}
    empty |= {field.name: Blinded(b"") for field in table.indexes}
    query.add_update_values(empty)
    return query.get_compiler(connection=connections[DEFAULT_DB_ALIAS]).as_sql()[0]
