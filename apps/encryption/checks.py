"""Which declarations of an encrypted field or a blind index contradict themselves.

Ids are never reused; E007 and E008 stand with the fields that they are about.
"""

from itertools import chain
from typing import Any

from django.core.checks import Error
from django.db.models import F, Field, UniqueConstraint

from apps.encryption.blind_index import FEWEST_BITS, MOST_BITS
from apps.encryption.row_id import names_rows


def contradictions(field: Field) -> list[Error]:
    """One error for every option, or use in the model's Meta, that cannot do what it says."""
    return [
        Error(message, hint=hint, obj=field, id=f"encryption.{number}")
        for refused, number, message, hint in (
            (
                field.primary_key or field.unique,
                "E001",
                "An encrypted field cannot be a key or unique: equal values have unequal text.",
                "Put the constraint on a blind index.",
            ),
            (
                field.db_index,
                "E002",
                "An index on an encrypted field finds nothing.",
                "Remove db_index.",
            ),
            (
                field.has_default() or field.has_db_default(),
                "E003",
                "A default would stand in clear in the code and in the migrations.",
                "Remove it; allow null=True if the value may be absent.",
            ),
            (
                field.choices is not None,
                "E004",
                "Choices of an encrypted field would be shown in error messages.",
                "Validate in the serializer.",
            ),
            (
                not names_rows(field.model._meta.pk),
                "E005",
                "The primary key must be a UUID, a whole number or a text that is assigned before"
                " the row is written: the ciphertext is bound to it.",
                "Use UUIDField(primary_key=True, default=uuid7).",
            ),
            (
                field.name in _named_in_meta(field),
                "E006",
                "An encrypted field stands in an index, a unique constraint or the ordering.",
                "Remove it there; ciphertexts have no order and never repeat.",
            ),
            (
                not _is_whole(field.model._meta.db_table),
                "E014",
                "A table with encrypted fields has a name of at most 63 bytes, without quotes:"
                " PostgreSQL cuts a longer one, and its values are bound to the name.",
                "Set another db_table.",
            ),
        )
        if refused
    ]


def _named_in_meta(field: Field) -> set[str]:
    meta = field.model._meta
    rules = (getattr(rule, "fields", ()) for rule in (*meta.constraints, *meta.indexes))
    named = chain(meta.ordering, *rules, *meta.unique_together)
    return {name.lstrip("-") for name in named if isinstance(name, str)}


def _is_whole(table: str) -> bool:
    return '"' not in table and len(table.encode()) <= _LONGEST_NAME


def _unique_in_meta(field: Field) -> set[str]:
    meta = field.model._meta
    rules = [rule for rule in meta.constraints if isinstance(rule, UniqueConstraint)]
    named = set(chain(*meta.unique_together, *(rule.fields for rule in rules)))
    return named.union(*(_columns(part) for rule in rules for part in rule.expressions))


def _columns(expression: Any) -> set[str]:
    if isinstance(expression, F):
        return {expression.name}
    return set().union(*map(_columns, expression.get_source_expressions()))


_LONGEST_NAME = 63  # bytes, PostgreSQL's NAMEDATALEN less its end

#: Below this many bits, two different values of a large table may well share an index.
_UNIQUE_BITS = 128


def index_contradictions(field: Field) -> list[Error]:
    """The same for a blind index."""
    names = {beside.name: beside for beside in field.model._meta.local_concrete_fields}
    value_field = names.get(field.value_field)
    return [
        Error(message, hint=hint, obj=field, id=f"encryption.{number}")
        for refused, number, message, hint in (
            (
                getattr(value_field, "python_types", None) != (str,),
                "E009",
                "A blind index stands beside an encrypted text of the same model.",
                "Name an EncryptedTextField that this model declares.",
            ),
            (
                getattr(value_field, "null", False) and not field.null,
                "E010",
                "The value may be NULL, and its blind index may not.",
                "Set null=True on both.",
            ),
            (
                field.unique and field.bits < _UNIQUE_BITS,
                "E011",
                "A unique blind index this short would refuse values that nobody else has.",
                f"Keep at least {_UNIQUE_BITS} bits, or leave unique out.",
            ),
            (
                not FEWEST_BITS <= field.bits <= MOST_BITS,
                "E012",
                "A blind index keeps 8 to 256 bits.",
                "Set bits within these.",
            ),
            (
                field.primary_key or field.has_default() or field.has_db_default(),
                "E013",
                "A blind index is made from its value: it is no key and has no default.",
                "Remove primary_key, default and db_default.",
            ),
            (
                field.name in _unique_in_meta(field),
                "E015",
                "A blind index in a unique constraint of the model would hold for the rows of one"
                " key alone: the same value under another key has another index.",
                "Set unique=True on the field, which looks under every key; or drop it.",
            ),
        )
        if refused
    ]
