"""The database's own refusal to change audit rows, and how to see that it still stands.

Django remakes a table on SQLite for many schema changes and drops its triggers without a word, so
their presence is checked at start and by /readyz, not assumed.
"""

from django.db import connection

MESSAGE = "audit entries are append-only"
TABLES = ("audit_entry",)


def _sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        # REPLACE removes the row that is in the way without asking the trigger for DELETE.
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "  # noqa: S608
        f"(SELECT 1 FROM {table} WHERE id = NEW.id OR rowid = NEW.rowid) {refuse}",
    ]


def _postgresql(table: str) -> list[str]:
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
    for table in TABLES:
        for statement in dialect(table):
            schema_editor.execute(statement)


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
