"""Which declarations of an encrypted field or a blind index contradict themselves.

Ids are never reused; E007 and E008 stand with the fields that they are about.
"""

from itertools import chain

from django.core.checks import Error
from django.db.models import Field

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
        )
        if refused
    ]


def _named_in_meta(field: Field) -> set[str]:
    meta = field.model._meta
    rules = (getattr(rule, "fields", ()) for rule in (*meta.constraints, *meta.indexes))
    named = chain(meta.ordering, *rules, *meta.unique_together)
    return {name.lstrip("-") for name in named if isinstance(name, str)}


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
        )
        if refused
    ]
