"""Everything that is held about one person, as one JSON document (GDPR, articles 15 and 20).

What is in it follows from what the models declare: every row that leads to the person, every field
of it that is no secret and is not withheld for a stated reason. It is made row by row, so that a
long history takes no more memory than a short one; a document that breaks off in the middle lacks
its last member, `complete`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Model

from apps.audit.activity import activity_of
from apps.audit.models import AuditEntry
from apps.audit.recording import Actor, record
from apps.audit.verbs import Verb
from apps.core.classification import classes_of
from apps.core.data_classes import DataClass

from .people import exported_fields, models_of_people, names_of, rows_of

FORMAT, VERSION = "gatehouse-personal-data", 1
FILE_NAME = "personal-data.json"
_AT_ONCE = 200  # rows
_SECRET = "a secret, or what proves one"  # noqa: S105 (words)
#: Of an entry that somebody else caused: who that was, by what and from where is theirs.
_OF_OTHERS = ("actor", "credential", "request_id", "address")


def export(by: Actor, person: Model) -> Iterator[bytes]:
    """Record it, then give the document in pieces: recorded before the first of them leaves."""
    record(Verb.ACCOUNT_EXPORTED, by, person)
    return _pieces(person.pk)


def _pieces(user_id: UUID) -> Iterator[bytes]:
    head = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": datetime.now(UTC),
        "person": user_id,
        "left_out": left_out(),
    }
    yield _json(head)[:-1] + b',"sections":{'
    names = names_of(user_id)
    comma = b""
    for model, _ in models_of_people():
        if fields := exported_fields(model):
            yield comma + _json(model._meta.label_lower) + b":["
            yield from _joined(_shown(row, fields, user_id) for row in _rows(model, user_id, names))
            yield b"]"
            comma = b","
    yield b'},"complete":true}'


def left_out() -> dict[str, dict[str, str]]:
    """What no export holds, by table and field (`*`: all of them), each with the reason."""
    found = {}
    for model, declared in models_of_people():
        classes = classes_of(model).items()
        secret = {name: _SECRET for name, one in classes if one is DataClass.SECRET}
        if reasons := {**secret, **declared.withheld}:
            found[model._meta.label_lower] = reasons
    return found


def _rows(model: type[Model], user_id: UUID, names: list[str]) -> Iterator[Model]:
    rows = activity_of(user_id) if model is AuditEntry else rows_of(model, user_id, names)
    return rows.order_by("pk").iterator(chunk_size=_AT_ONCE)


def _shown(row: Model, fields: list[str], user_id: UUID) -> dict[str, Any]:
    shown = {name: _value(row, name) for name in fields}
    if isinstance(row, AuditEntry) and row.actor != f"user:{user_id}":
        kept = ("address",) if row.actor == "anonymous" else ()
        for name in _OF_OTHERS:
            if name not in kept:
                del shown[name]
    return shown


def _value(row: Model, name: str) -> Any:
    """In clear; what it refers to by its id."""
    one = row._meta.get_field(name)
    if one.many_to_many:
        return [str(pk) for pk in getattr(row, name).values_list("pk", flat=True)]
    return getattr(row, one.attname)


def _joined(rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    comma = b""
    for row in rows:
        yield comma + _json(row)
        comma = b","


def _json(value: Any) -> bytes:
    # What JSON has no type for, such as an exact number, is text.
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS)
