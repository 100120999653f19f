"""The database's own refusal to change audit rows, and how to see that it still stands.

Django remakes a table on SQLite for many schema changes and drops its triggers without a word, so
their presence is checked at start and by /readyz, not assumed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

MESSAGE = "audit entries are append-only"
#: Each table with the columns that are unique in it.
TABLES = {
    "audit_entry": ("id",),
    "audit_leaf": ("position", "entry_id"),
    "audit_checkpoint": ("id", "size"),
}


def _sqlite(table: str, unique: tuple[str, ...]) -> list[str]:
    in_the_way = " OR ".join(f"{column} = NEW.{column}" for column in (*unique, "rowid"))
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        # REPLACE removes the row that is in the way without asking the trigger for DELETE.
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "  # noqa: S608
        f"(SELECT 1 FROM {table} WHERE {in_the_way}) {refuse}",
    ]


def _postgresql(table: str, _unique: tuple[str, ...]) -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
        f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
        f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ]


def create(schema_editor: object) -> None:
    """Make the triggers that do not stand; called by the migration and by `audit triggers`."""
    dialect = _sqlite if schema_editor.connection.vendor == "sqlite" else _postgresql
    for table, unique in TABLES.items():
        for statement in dialect(table, unique):
            schema_editor.execute(statement)


@contextmanager
def lifted(cursor: Any, table: str) -> Iterator[None]:
    """Let this transaction alone remove rows; needs the owner of the table, which the service's
    own role in production is not. Whatever ends the block, the transaction ends it for others."""
    if connection.vendor == "sqlite":
        cursor.execute(f"DROP TRIGGER {table}_no_delete")
        yield
        for statement in _sqlite(table, TABLES[table]):
            cursor.execute(statement)
    else:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        yield
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")


def missing() -> list[str]:
    """The audit tables whose triggers do not stand, by name."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
            wanted = {
                t: {f"{t}_no_{act}" for act in ("update", "delete", "replace")} for t in TABLES
            }
        else:
            cursor.execute(
                "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
                "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
            )
            wanted = {t: {f"{t}_append_only", f"{t}_no_truncate"} for t in TABLES}
        standing: dict[str, set[str]] = {}
        for table, name in cursor.fetchall():
            standing.setdefault(table, set()).add(name)
    return [table for table, names in wanted.items() if not names <= standing.get(table, set())]
