"""A value and its blind indexes are written together: an UPDATE of one alone is refused.

Otherwise `save(update_fields=["phone"])` would leave the old number findable and the new one not,
and erasing a value would leave behind the index that still tells who had it.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import Field
from django.db.models.sql import UpdateQuery


def refuse_alone(field: Field, partners: Iterable[str], compiler: Any) -> None:
    """Raises FieldError where a statement writes `field` and leaves out one of its partners."""
    if not isinstance(compiler.query, UpdateQuery):
        return  # an INSERT writes every column
    written = {other.name for other, _, _ in compiler.query.values}
    for name in partners:
        if name not in written:
            raise FieldError(f"{field} and {name} are written together: one names the other")


def indexes_of(field: Field) -> list[str]:
    """The names of the blind indexes that stand beside an encrypted field."""
    beside = field.model._meta.local_concrete_fields
    return [other.name for other in beside if getattr(other, "value_field", None) == field.name]
