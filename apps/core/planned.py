"""Statements that PostgreSQL plans once for each connection, instead of at every run.

For what finds or writes rows by a key: planning it costs several times what running it does. Never
for a search: a kept plan cannot see the values, and one that is right for a rare place reads every
row of a common one. Behind PgBouncer in transaction mode this needs 1.21 or newer, with
max_prepared_statements.
"""

from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper


class PlannedOnce(psycopg.Cursor):
    """A cursor whose values travel beside the statement, which the server has prepared."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> "PlannedOnce":
        return super().execute(query, params, prepare=True)


def planned_once(connection: BaseDatabaseWrapper) -> Any:
    """A cursor with Django's wrapping (errors, query log). SQLite keeps statements by itself."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    # What connection.cursor() does with its own class of cursor.
    return connection._prepare_cursor(PlannedOnce(connection.connection))
