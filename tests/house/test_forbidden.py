"""What this house does without: signals, which hide what happens, and SQL put together as text."""

import ast
from pathlib import Path

from .tree import calls, imports, python_files

#: The one place that listens: to what the account library announces.
RECEIVERS = Path("apps/accounts/receivers.py")
#: The one place that writes SQL with names in it: its own table names, in a migration.
TRIGGERS = Path("apps/audit/triggers.py")
#: The workshop reads the database as a thief would, table by table.
THIEVES = Path("apps/workshop/attacks")
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals")


def test_nothing_listens_to_signals():
    found = [
        f"{path} imports {name}"
        for path in python_files("apps", "config")
        if path != RECEIVERS
        for name in imports(path)
        if name.startswith(SIGNALS) or name.endswith((".post_save", ".pre_save"))
    ]
    assert found == []


def test_no_query_goes_around_the_orm():
    found = [
        f"{path}:{call.lineno} calls {name}"
        for path in python_files("apps")
        for name, call in calls(path)
        if name in {"raw", "extra", "RawSQL"}
    ]
    assert found == []


def is_composed(argument: ast.expr) -> bool:
    """An f-string, or text joined by an operator or a method: not a constant, not a name."""
    return isinstance(argument, (ast.JoinedStr, ast.BinOp, ast.Call))


def test_no_sql_is_composed():
    found = [
        f"{path}:{call.lineno}"
        for path in python_files("apps", "config")
        if path != TRIGGERS and THIEVES not in path.parents
        for name, call in calls(path)
        if name in {"execute", "executemany", "executescript", "RunSQL"}
        and call.args
        and is_composed(call.args[0])
    ]
    assert found == []


def test_no_room_is_a_junk_drawer():
    names = {"utils.py", "helpers.py", "services.py", "common.py", "misc.py", "signals.py"}
    assert [path for path in python_files("apps", "config") if path.name in names] == []
