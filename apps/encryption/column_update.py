"""The encrypted columns and blind indexes of many rows at once, each row found by its key.

Guarantees: all of the rows are changed, or none. They are meant to be held by the transaction that
calls. PostgreSQL gets them as one copy into a table of this session's own and one statement that
joins it, which takes half to three quarters of what a statement for each row takes; a role without
TEMPORARY on the database, which everybody has until it is revoked, writes row by row.
"""

from typing import Any
from uuid import uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models.sql import UpdateQuery
from psycopg import sql

from apps.core.compiled import Slot
from apps.core.planned import planned_once
from apps.encryption.sealed import Blinded, Sealed
from apps.encryption.stored import SealedTable

#: For each column the bytes to write, in the order of `SealedTable.fields`; then the key.
Row = list[Any]


class EachRow:
    """One statement that runs for each row, made by the ORM once."""

    def __init__(self, table: SealedTable) -> None:
        query = table.rows.filter(pk=Slot("pk")).query.chain(UpdateQuery)
        empty = {field.name: Sealed(b"") for field in table.values}
        empty |= {field.name: Blinded(b"") for field in table.indexes}
        query.add_update_values(empty)
        self._update = query.get_compiler(connection=connection).as_sql()[0]
        self._pk = table.model._meta.pk

    def run(self, rows: list[Row]) -> None:
        """Raises IntegrityError where a blind index must be unique and is not."""
        stored = [[*held, self._pk.get_db_prep_value(pk, connection)] for *held, pk in rows]
        with transaction.atomic(), planned_once(connection) as cursor:
            cursor.executemany(self._update, stored)
            _refuse_less(cursor.rowcount, rows)


class Copied:
    """PostgreSQL: the rows are copied into a table beside, and joined from there."""

    def __init__(self, table: SealedTable) -> None:
        self._pk = table.model._meta.pk
        # Named with its schema: a search path that ends in pg_temp would find a table of this name
        # that somebody has planted, with a trigger that then runs as us.
        beside = sql.Identifier("pg_temp", f"sealed_anew_{uuid4().hex}")
        columns = [sql.Identifier(field.column) for field in table.fields]
        names = {
            "rows": sql.Identifier(table.name),
            "beside": beside,
            "pk": sql.Identifier(self._pk.column),
            "columns": sql.SQL(", ").join(columns),
            "set": sql.SQL(", ").join(sql.SQL("{0} = anew.{0}").format(one) for one in columns),
        }
        self._create, self._look, self._copy, self._update, self._drop = (
            sql.SQL(statement).format(**names)
            for statement in (
                "CREATE TABLE {beside} AS SELECT {columns}, {pk} FROM {rows} WITH NO DATA",
                "SELECT * FROM {beside}",
                "COPY {beside} FROM STDIN (FORMAT BINARY)",
                "UPDATE {rows} AS held SET {set} FROM {beside} AS anew WHERE held.{pk} = anew.{pk}",
                "DROP TABLE {beside}",
            )
        )

    def run(self, rows: list[Row]) -> None:
        """Raises IntegrityError where a blind index must be unique and is not."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(self._create)
            cursor.execute(self._look)
            types = [column.type_code for column in cursor.description]
            with connection.wrap_database_errors, cursor.copy(self._copy) as copy:
                copy.set_types(types)
                for *held, pk in rows:
                    copy.write_row([*held, self._pk.get_db_prep_value(pk, connection)])
            cursor.execute(self._update)
            _refuse_less(cursor.rowcount, rows)
            cursor.execute(self._drop)


def column_update(table: SealedTable) -> EachRow | Copied:
    """The quickest way that this database, and our role in it, have."""
    if connection.vendor != "postgresql":
        return EachRow(table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege(current_database(), 'TEMPORARY')")
        (may_copy,) = cursor.fetchone()
    return Copied(table) if may_copy else EachRow(table)


def _refuse_less(changed: int, rows: list[Row]) -> None:
    """A trigger or a row policy can have an UPDATE do nothing, and say nothing."""
    if changed != len(rows):
        raise IntegrityError(f"the database changed {changed} of {len(rows)} rows")
