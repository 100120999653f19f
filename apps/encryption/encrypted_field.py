"""What every encrypted model field does, whatever the type of its value.

Guarantees: the database, `.values()`, the instance's `__dict__`, dumps and error messages hold no
plaintext; a value that cannot be opened, or that was moved, raises DecryptionRefused and is never
read as None. What cannot be done on ciphertext (look-ups, `update()`, expressions, fixtures)
raises FieldError. Does not guarantee: renaming a table or a column makes its values unreadable
until they are sealed anew; ordering by the column is possible and means nothing.
"""

from types import SimpleNamespace
from typing import Any, NoReturn
from uuid import UUID

from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.utils.functional import cached_property

from apps.encryption.attribute import EncryptedAttribute, held_by
from apps.encryption.checks import contradictions
from apps.encryption.envelope import ColumnCipher, column_cipher
from apps.encryption.errors import UnreadableContent
from apps.encryption.ring import key_ring
from apps.encryption.row_id import row_id
from apps.encryption.sealed import Sealed, Unsealed
from apps.encryption.together import indexes_of, refuse_alone


class EncryptedField(models.Field):
    """What all types share. A child says its `python_types`, `to_bytes` and `from_bytes`."""

    descriptor_class = EncryptedAttribute
    empty_strings_allowed = False
    python_types: tuple[type, ...]
    _cipher: Any = SimpleNamespace(ring=None)  # until it is first needed

    def to_bytes(self, value: Any) -> bytes:
        """The one plaintext of a value. Raises ValidationError, without the value, out of bounds.

        And without a chained error: one in flight would carry the whole value into every log.
        """
        raise NotImplementedError

    def from_bytes(self, plaintext: bytes) -> Any:
        """The value of a plaintext. Raises ValueError or ArithmeticError."""
        raise NotImplementedError

    def seal(self, instance: models.Model, value: Any) -> Sealed:
        """The envelope of `value` for this instance's row. Raises ValidationError out of bounds."""
        cipher = self._cipher
        if cipher.ring is not key_ring():
            cipher = self._find_cipher()
        pk = instance.__dict__.get(self._uuid)
        row = pk.int.to_bytes(16, "big") if type(pk) is UUID else row_id(instance)
        return Sealed(cipher.seal(row, self.to_bytes(value)))

    def unseal(self, instance: models.Model, sealed: Sealed) -> Any:
        """The value in `sealed`, if it was made for this instance's row. Or DecryptionRefused."""
        cipher = self._cipher
        if cipher.ring is not key_ring():
            cipher = self._find_cipher()
        pk = instance.__dict__.get(self._uuid)
        row = pk.int.to_bytes(16, "big") if type(pk) is UUID else row_id(instance)
        plaintext = cipher.unseal(row, sealed.envelope)
        try:
            return self.from_bytes(plaintext)
        except (ValueError, ArithmeticError):
            pass  # raised below: the error in flight would carry the whole plaintext
        raise UnreadableContent(f"{cipher}: not a {self.takes}")

    @cached_property
    def _uuid(self) -> str | None:
        """The key of a row where it is a UUID: `row_id` in the path of every value."""
        pk = self.model._meta.pk
        return pk.attname if type(pk) is models.UUIDField else None

    def _find_cipher(self) -> ColumnCipher:
        # Kept, because finding it takes a third of what the cipher takes; for one ring.
        self._cipher = column_cipher(key_ring(), self.model._meta.db_table, self.column)
        return self._cipher

    @property
    def takes(self) -> str:
        """The name of its type, or types."""
        return " or ".join(kind.__name__ for kind in self.python_types)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        """What to write. From here on the instance, too, holds only the envelope."""
        kept = model_instance.__dict__
        held = kept.get(self.attname)
        if type(held) is Unsealed:
            kept[self.attname] = sealed = self.seal(model_instance, held.value)
            return sealed
        held = held_by(model_instance, self.attname)
        if held is not None:
            # Opened once more, because the primary key may have been changed since it was loaded
            # (the way to copy a row in Django): written so, it could never be read again.
            self.unseal(model_instance, held)
        return held

    @cached_property
    def _indexes(self) -> list[str]:
        return indexes_of(self)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        if type(value) is not Sealed:
            raise FieldError(
                f"{self} is encrypted for its row: assign it and save() or bulk_create();"
                " update(), bulk_update(), expressions and fixtures cannot write it"
            )
        return connection.Database.Binary(value.envelope)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return self.get_db_prep_value(value, connection)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        refuse_alone(self, self._indexes, compiler)
        # The row that an upsert meets keeps its own id; the new ciphertext is bound to another.
        if self in getattr(compiler.query, "update_fields", ()):
            raise FieldError(f"{self} is encrypted for its row: an upsert cannot update it")
        return connection.ops.binary_placeholder_sql(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        if value is None:
            return None
        # Some drivers give a memoryview. Anything else than bytes is refused on opening.
        return Sealed(bytes(value) if isinstance(value, memoryview) else value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self} is encrypted: only isnull can be asked, not {lookup_name}")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self} is encrypted: only isnull can be asked, not {lookup_name}")

    def get_internal_type(self) -> str:
        return "BinaryField"

    def to_python(self, value: Any) -> Any:
        """The value itself, if it may be saved. Raises ValidationError without showing it."""
        if value is not None:
            if type(value) not in self.python_types:
                raise ValidationError("A value of another type is expected.", code="invalid")
            self.to_bytes(value)
        return value

    def value_from_object(self, obj: models.Model) -> Any:
        """What the instance holds, unopened: Django's serializers and model_to_dict ask here."""
        return held_by(obj, self.attname)

    def value_to_string(self, obj: models.Model) -> NoReturn:
        raise FieldError(f"{self} is encrypted: it is not dumped or serialized")

    def formfield(self, **kwargs: Any) -> None:
        """None: no form shows a personal value unless it declares a field for it."""

    def check(self, **kwargs: Any) -> list[Any]:
        return [*super().check(**kwargs), *contradictions(self)]
