"""What an entry says of a change: never the value of a personal or secret field.

The log cannot be rewritten, so what must not be in it is kept out here, at its one entrance, and
not by the care of those who call. Three nets: the name a value stands under is that of a sensitive
field; the value is one of the row that the entry is about; it looks like a secret or like personal
data (core's `redaction`).
"""

from typing import Any

from django.db.models import Model

from apps.core.classification import sensitive_fields, sensitive_names
from apps.core.redaction import REDACTED, redacted

#: Shorter values are part of many a word.
_SHORTEST = 4


def spoken(changes: dict[str, object], about: Model | None) -> dict[str, Any]:
    """The changes as they may be recorded. That a field moved stays; to what does not."""
    names = sensitive_names()
    values: list[str] = []
    if about is not None:
        own = sensitive_fields(about._meta.model)
        names, values = names | own, _values(about, own)
    return {name: _said(name, value, names, values) for name, value in changes.items()}


def _said(name: str, value: Any, names: frozenset[str], values: list[str]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if name in names:
        return REDACTED
    if isinstance(value, dict):
        return {key: _said(key, one, names, values) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_said("", one, names, values) for one in value]
    if isinstance(value, (int, float)):
        return value
    text = str(value)
    if any(one in text.casefold() for one in values):
        return REDACTED
    return redacted(text)


def _values(about: Model, names: frozenset[str]) -> list[str]:
    """The sensitive values of this row that are at hand; none is fetched for it."""
    held = [getattr(about, name) for name in names if about.__dict__.get(name) is not None]
    return [text for one in held if len(text := str(one).casefold()) >= _SHORTEST]
