"""The encrypted columns and blind indexes of many rows at once, each row found by its key.

Guarantees: all of the rows are changed, or none. They are meant to be held by the transaction that
calls. PostgreSQL gets them as one copy into a table of this transaction's own and one statement
that joins it, which takes a third of what a statement for each row takes; the role needs TEMPORARY
on the database, and PostgreSQL gives that to everybody.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models.sql import UpdateQuery
from psycopg import sql

from apps.core.compiled import Slot
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
        stored = [[*row[:-1], self._pk.get_db_prep_value(row[-1], connection)] for row in rows]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(self._update, stored)


class Copied:
    """PostgreSQL: the rows are copied into a table beside, and joined from there."""

    def __init__(self, table: SealedTable) -> None:
        rows, beside = sql.Identifier(table.name), sql.Identifier("sealed_anew")
        columns = [sql.Identifier(field.column) for field in table.fields]
        pk, comma = sql.Identifier(table.model._meta.pk.column), sql.SQL(", ")
        names = {"rows": rows, "beside": beside, "pk": pk, "all": comma.join([*columns, pk])}
        names["set"] = comma.join(sql.SQL("{0} = {1}.{0}").format(one, beside) for one in columns)
        self._create, self._look, self._copy, self._update, self._drop = (
            sql.SQL(statement).format(**names)
            for statement in (
                "CREATE TEMPORARY TABLE {beside} AS SELECT {all} FROM {rows} WITH NO DATA",
                "SELECT * FROM {beside}",
                "COPY {beside} FROM STDIN (FORMAT BINARY)",
                "UPDATE {rows} SET {set} FROM {beside} WHERE {rows}.{pk} = {beside}.{pk}",
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
                for row in rows:
                    copy.write_row(row)
            cursor.execute(self._update)
            cursor.execute(self._drop)


def column_update(table: SealedTable) -> EachRow | Copied:
    """The quickest way that this database has."""
    return Copied(table) if connection.vendor == "postgresql" else EachRow(table)
