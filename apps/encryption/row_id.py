"""The bytes that name a row inside its table, for binding a ciphertext to it."""

from typing import Any
from uuid import UUID

from django.db.models import CharField, Field, IntegerField, Model, UUIDField
from django.db.models.fields import AutoFieldMixin


def row_id(instance: Model) -> bytes:
    """The id of the instance's row. Raises ValueError when it has no primary key yet."""
    field = instance._meta.pk
    pk = getattr(instance, field.attname)
    return pk_bytes(field, pk)


def pk_bytes(field: Field, pk: Any) -> bytes:
    """A UUID's 16 bytes, or the text of a whole number or string in UTF-8.

    Raises ValueError when there is no primary key: nothing can be bound to it.
    """
    if type(pk) is UUID and type(field) is UUIDField:
        return pk.bytes
    # An unsaved instance may still hold its key in another spelling than the stored one.
    pk = field.to_python(pk)
    if pk is None:
        raise ValueError(
            f"{field.model._meta.label}: a row needs its primary key before encryption"
        )
    # The text itself: str() of a member of an enum of texts is its name.
    return pk.bytes if isinstance(pk, UUID) else (pk if isinstance(pk, str) else str(pk)).encode()


def names_rows(pk: Field) -> bool:
    """Is this primary key of a kind that `row_id` can name, and known before the row is written?"""
    if pk.remote_field:
        while pk.remote_field:
            pk = pk.target_field
        return isinstance(pk, UUIDField | IntegerField | CharField)
    assigned_by_database = isinstance(pk, AutoFieldMixin) or pk.has_db_default()
    return isinstance(pk, UUIDField | IntegerField | CharField) and not assigned_by_database
