"""The database itself refuses to change the audit, and says so when it no longer would."""

from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from apps.audit.models import AuditEntry
from apps.audit.recording import record
from apps.audit.triggers import MESSAGE, create, missing
from apps.audit.verbs import Verb
from tests import world
from tests.oauth.asking import key

pytestmark = pytest.mark.django_db

sqlite_only = pytest.mark.skipif("connection.vendor != 'sqlite'")
postgresql_only = pytest.mark.skipif("connection.vendor != 'postgresql'")


@pytest.fixture(autouse=True)
def entry() -> AuditEntry:
    record(Verb.OFFER_ACCEPTED, world.credential(world.person()))
    return AuditEntry.objects.get()


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def drop(event: str = "update") -> None:
    if connection.vendor == "sqlite":
        run(f"DROP TRIGGER audit_entry_no_{event}")
    else:
        run("DROP TRIGGER audit_entry_append_only ON audit_entry")


STATEMENTS = [
    "UPDATE audit_entry SET verb = 'offer.rejected'",
    "UPDATE audit_entry SET verb = verb",
    "DELETE FROM audit_entry",
    "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE true "
    "ON CONFLICT (id) DO UPDATE SET verb = 'x'",
]


@pytest.mark.parametrize("sql", STATEMENTS)
def test_a_statement_that_changes_a_row_is_refused(sql: str) -> None:
    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
        run(sql)
    assert AuditEntry.objects.get().verb == "offer.accepted"


@postgresql_only
def test_truncate_is_refused() -> None:
    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
        run("TRUNCATE audit_entry CASCADE")


@sqlite_only
def test_replacing_a_row_is_refused() -> None:
    """SQLite deletes what a REPLACE is in the way of without asking the DELETE trigger."""
    columns = ", ".join(
        "'offer.rejected'" if field.column == "verb" else field.column
        for field in AuditEntry._meta.fields
    )
    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
        run(f"INSERT OR REPLACE INTO audit_entry SELECT {columns} FROM audit_entry")  # noqa: S608


def test_the_orm_is_refused_like_everyone(entry: AuditEntry) -> None:
    entry.verb = "offer.rejected"
    for change in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
            change()


def test_the_running_database_has_its_triggers() -> None:
    key()  # the other part that a fresh database lacks
    assert missing() == []
    assert errors() == []
    assert ready() == (200, "ok")


@pytest.mark.parametrize("event", ["update", "delete"])
def test_a_dropped_trigger_is_noticed_at_start_and_by_the_load_balancer(event: str) -> None:
    drop(event)

    assert missing() == ["audit_entry"]
    assert errors() == ["audit.E001"]
    assert ready() == (503, "failing")


@postgresql_only
def test_a_disabled_trigger_is_noticed() -> None:
    run("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_truncate")

    assert missing() == ["audit_entry"]


class Editor:
    """A schema editor inside the test's transaction, which SQLite's own refuses."""

    connection = connection

    @staticmethod
    def execute(sql: str) -> None:
        run(sql)


@pytest.mark.parametrize("event", ["update", "delete"])
def test_what_is_gone_is_put_back(event: str) -> None:
    drop(event)
    create(Editor())

    assert missing() == []
    for sql in STATEMENTS[:3]:
        with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
            run(sql)


def test_the_command_leaves_alone_what_stands() -> None:
    out = StringIO()
    call_command("audit", "triggers", stdout=out)

    assert "append-only" in out.getvalue()


def errors() -> list[str]:
    found = run_checks(tags=["database"], databases=["default"])
    return [error.id for error in found if error.id.startswith("audit.")]


def ready() -> tuple[int, str]:
    response = Client().get("/readyz")
    return response.status_code, response.json()["parts"]["audit"]
