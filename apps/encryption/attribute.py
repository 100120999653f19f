"""What stands behind `instance.field`: opens on reading, hides on assignment.

Guarantees: `instance.__dict__` holds only Sealed, Unsealed or None, so no dump of an instance
shows a value; nothing is decrypted that nobody reads; an untouched value stays the envelope that
was loaded. Does not guarantee that for `refresh_from_db()` and `full_clean()` of loaded fields:
Django has them read and assign, so that the next save seals the same value anew.
"""

from typing import Any

from django.db.models import Model
from django.db.models.query_utils import DeferredAttribute

from apps.encryption.sealed import Sealed, Unsealed

_DEFERRED = object()


def held_by(instance: Model, name: str) -> Sealed | Unsealed | None:
    """What the instance holds for the field `name`, unopened; a deferred one is fetched first."""
    held = instance.__dict__.get(name, _DEFERRED)
    if held is _DEFERRED:
        # Not refresh_from_db(): it would open the envelope and assign what was in it.
        rows = type(instance)._base_manager.db_manager(hints={"instance": instance})
        held = rows.filter(pk=instance.pk).values_list(name, flat=True).get()
        instance.__dict__[name] = held
    return held


class EncryptedAttribute(DeferredAttribute):
    """The descriptor of an encrypted field. Reading gives the value or raises DecryptionRefused."""

    def __get__(self, instance: Model | None, cls: type[Model] | None = None) -> Any:
        if instance is None:
            return self
        field = self.field
        held = instance.__dict__.get(field.attname)
        if type(held) is Sealed:
            return field.unseal(instance, held)
        held = held_by(instance, field.attname)
        if type(held) is Unsealed:
            return held.value
        return None if held is None else field.unseal(instance, held)

    def __set__(self, instance: Model, value: Any) -> None:
        """Raises TypeError, which does not show the value, for any but the field's own types."""
        field = self.field
        if value is not None and type(value) is not Sealed:
            if type(value) not in field.python_types:
                raise TypeError(f"{field} takes {field.takes} and got {type(value).__name__}")
            value = Unsealed(value)
        instance.__dict__[field.attname] = value
