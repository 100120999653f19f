"""Nobody writes around the audit: no bulk write and no SQL on what is audited, no verb unused.

A queryset's `update`, `delete` and `bulk_…` change rows that no `record()` speaks of. The ones that
stand below are each accounted for.
"""

import ast
from pathlib import Path

import pytest

from apps.audit.verbs import Verb

from .tree import calls, imports, parsed, python_files

#: A row's own save and delete are written beside their record(); these reach many rows at once.
BULK = {"bulk_create", "bulk_update", "update_or_create", "update"}
#: File → why what it writes in bulk is no act on something audited.
ACCOUNTED = {
    "apps/core/models.py": "the lease of a worker",
    "apps/core/management/commands/worker.py": "the lease of a worker",
    "apps/audit/sealing.py": "places in the tree: the audit itself",
    "apps/idempotency/once.py": "first answers",
    "apps/accounts/periodic.py": "sessions that ended, forgotten by tick",
    "apps/accounts/users.py": "an address taken for proved, by the command that makes the user",
    "apps/accounts/second_factors.py": "secrets that no factor refers to any more",
    "apps/accounts/sessions.py": "sessions; whoever ends one records it",
    "apps/privacy/erasure.py": "what an erasure takes; the erasure is recorded with it",
    "apps/api_v1/models.py": "counts of use",
    "apps/apikeys/usage.py": "counts of use",
    "apps/apikeys/usage_report.py": "counts of use",
    "apps/apikeys/notices.py": "which notices were sent",
    "apps/oauth/families.py": "families of tokens; whoever ends one records it",
    "apps/oauth/expiry.py": "tokens that are over, forgotten by tick",
    "apps/demo/*": "the demo's own rows, before anybody could act",
    "apps/workshop/*": "attacks",
}
SQL = {"execute", "executemany", "executescript", "copy"}
RAW = {
    "apps/core/compiled.py": "kept statements of the ORM",
    "apps/core/planned.py": "the cursor of kept statements",
    "apps/audit/triggers.py": "the triggers",
    "apps/encryption/column_update.py": "the same values under another key; it is recorded",
    "apps/audit/sealed_rows.py": "reads entries with their places",
    "apps/workshop/*": "attacks",
}


def is_accounted(path: Path, accounted: dict[str, str]) -> bool:
    return any(path.match(pattern) or _below(path, pattern) for pattern in accounted)


def _below(path: Path, pattern: str) -> bool:
    return pattern.endswith("/*") and Path(pattern[:-2]) in path.parents


def on_rows(call: ast.Call) -> bool:
    """`x.update(name=…)` and `x.bulk_create(…)`: a dictionary's update takes no such names here,
    and a hash's one plain value."""
    called = call.func
    if not isinstance(called, ast.Attribute):
        return False
    if called.attr == "update":
        return bool(call.keywords) and not call.args
    return True


def in_bulk() -> list[tuple[Path, int, str]]:
    return [
        (path, call.lineno, name)
        for path in python_files("apps", "config")
        for name, call in calls(path)
        if name in BULK and on_rows(call)
    ]


def deletes() -> list[tuple[Path, int, str]]:
    """`.delete()` on the result of another call: a queryset, not a row."""
    return [
        (path, call.lineno, "delete")
        for path in python_files("apps", "config")
        for name, call in calls(path)
        if name == "delete"
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Call)
    ]


def records(path: Path) -> bool:
    return any(name == "record" for name, _ in calls(path))


def test_a_write_in_bulk_stands_beside_a_record_or_is_accounted_for() -> None:
    found = [
        f"{path}:{line} {name}"
        for path, line, name in [*in_bulk(), *deletes()]
        if not is_accounted(path, ACCOUNTED) and not _recorded_function(path, line)
    ]
    assert found == []


def test_no_excuse_outlives_what_it_excused() -> None:
    written = [path for path, _, _ in [*in_bulk(), *deletes()]]
    assert [one for one in ACCOUNTED if not any(is_accounted(p, {one: ""}) for p in written)] == []


def test_sql_is_written_where_it_is_accounted_for() -> None:
    found = [
        f"{path}:{call.lineno}"
        for path in python_files("apps")
        for name, call in calls(path)
        # A hash's or a dictionary's copy() takes nothing.
        if name in SQL and call.args and not is_accounted(path, RAW)
    ]
    assert found == []


def test_nobody_inserts_an_entry_but_record() -> None:
    """An entry made elsewhere has no MAC, or one that somebody else could make."""
    found = [
        f"{path}:{call.lineno}"
        for path in python_files("apps", "config")
        for name, call in calls(path)
        if name == "AuditEntry" and path != Path("apps/audit/recording.py")
    ]
    assert found == []


def test_the_mac_is_made_in_one_place() -> None:
    users = [
        str(path)
        for path in python_files("apps", "config")
        if any(name.endswith("entry_mac.entry_mac") for name in imports(path))
    ]
    assert users == ["apps/audit/recording.py"]


@pytest.mark.parametrize("verb", list(Verb))
def test_every_verb_is_recorded_somewhere(verb: Verb) -> None:
    """A word that nobody says misleads the reader of the log."""
    uses = [
        path
        for path in python_files("apps", "config")
        if path != Path("apps/audit/verbs.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
        and node.attr == verb.name
        and isinstance(node.value, ast.Name)
        and node.value.id == "Verb"
    ]
    assert uses


def _recorded_function(path: Path, line: int) -> bool:
    """Does the function around this line call record()?"""
    around = [
        node
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "record"
        for function in around
        for node in ast.walk(function)
    )
