"""The database as whoever stole it sees it: cells, past every model."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection


def stored(row: Any, column: str) -> bytes:
    """What the table holds there."""
    query = f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s"  # noqa: S608 (our own names)
    with connection.cursor() as cursor:
        cursor.execute(query, [_bare_id(row)])
        return bytes(cursor.fetchone()[0])


def overwrite(row: Any, column: str, cell: bytes) -> None:
    """Write past the application."""
    change = f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(change, [cell, _bare_id(row)])


def cells() -> Iterator[tuple[str, bytes]]:
    """Every value of every table, with its table and column."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {quoted}")  # noqa: S608 (from the database itself)
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    yield f"{table}.{column}", _as_bytes(value)


def _bare_id(row: Any) -> Any:
    return row._meta.pk.get_db_prep_value(row.pk, connection)


def _as_bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return text.encode()
