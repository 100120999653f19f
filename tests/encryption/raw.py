"""Reading and writing a column past Django's fields, as someone with the database would."""

from typing import Any

from django.db import connection
from django.db.models import Model


def _where(row: Model) -> tuple[str, str, Any]:
    pk = row._meta.pk
    return row._meta.db_table, pk.column, pk.get_db_prep_value(row.pk, connection)


def raw_value(row: Model, column: str) -> bytes | None:
    table, key, pk = _where(row)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {key} = %s", [pk])  # noqa: S608
        (value,) = cursor.fetchone()
    return bytes(value) if isinstance(value, memoryview) else value


def write_raw(row: Model, column: str, value: bytes | str) -> None:
    table, key, pk = _where(row)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, pk])  # noqa: S608
        assert cursor.rowcount == 1
