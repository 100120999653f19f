"""System check: the audit table refuses changes."""

from django.core import checks
from django.db import DatabaseError, connection

from .triggers import missing


@checks.register(checks.Tags.database)
def triggers_stand(app_configs: object, databases: object, **_: object) -> list[checks.Error]:
    """audit.E001: an audit table exists without its triggers."""
    if not databases:
        return []
    try:
        present = set(connection.introspection.table_names())
        lost = [table for table in missing() if table in present]
    except DatabaseError:
        return []
    return [
        checks.Error(
            f"The triggers that make {table} append-only are gone.",
            hint="Run: python manage.py audit triggers",
            id="audit.E001",
        )
        for table in lost
    ]
