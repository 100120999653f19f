"""A blind index as a model field: beside an encrypted text, so that equal values can be found.

    phone = EncryptedTextField(max_length=16)
    phone_index = BlindIndexField("phone", Normaliser.PHONE)

    Buyer.objects.filter(phone_index="+1 (505) 555-0123")

Guarantees: it is written by itself whenever the value is, and never without it. It can be asked
for equality with a text, in any spelling and under every key of the ring, and for NULL; nothing
else, no other column above all.
Does not guarantee: `blind_index.py` says what it leaks. With fewer than 256 bits a look-up also
finds other values by chance: open what was found and compare. `unique=True` holds over all rows,
whatever key they are of, save one gap: two processes that write the same value at one moment and
disagree on the active key (while a new one is being made active) do not see each other's row.
Rotation then meets the second one and cannot write it.
"""

from typing import Any, NoReturn

from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError
from django.db.models import Field, Model
from django.db.models.lookups import In

from apps.encryption.blind_index import MOST_BITS, BlindIndex, blind_index
from apps.encryption.checks import index_contradictions
from apps.encryption.normal_forms import NoNormalForm, Normaliser
from apps.encryption.ring import key_ring
from apps.encryption.sealed import Blinded
from apps.encryption.together import refuse_alone


class BlindIndexField(Field):
    """The blind index of the field `value_field`, NULL where that is NULL.

    `bits`: how much of the MAC is kept, 8 to 256; fewer leak less and find more by chance.
    """

    description = "Blind index"
    empty_strings_allowed = False

    def __init__(
        self,
        value_field: str,
        normaliser: Normaliser,
        *,
        bits: int = MOST_BITS,
        **kwargs: Any,
    ) -> None:
        self.value_field, self.normaliser, self.bits = value_field, normaliser, bits
        # It is there to be searched, nobody types it, and it is made when the row is written.
        derived = {"db_index": not kwargs.get("unique"), "editable": False, "blank": True}
        super().__init__(**kwargs | derived)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, _, kwargs = super().deconstruct()
        for derived in ("db_index", "editable", "blank"):
            kwargs.pop(derived, None)
        return name, path, [self.value_field, self.normaliser], kwargs | {"bits": self.bits}

    def index(self) -> BlindIndex:
        """The pure index of this column under the ring of this process."""
        table = self.model._meta.db_table
        return blind_index(key_ring(), table, self.column, self.normaliser, self.bits)

    def pre_save(self, model_instance: Model, add: bool) -> Blinded | None:
        """What to write: made from the value anew, whatever was assigned here.

        Raises ValidationError for a value without a normal form, IntegrityError for one that must
        be unique and stands in another row under another key.
        """
        value = getattr(model_instance, self.value_field)
        blinded = None if value is None else self._blinded(value)
        if blinded is not None and self.unique:
            self._refuse_second(model_instance, value)
        setattr(model_instance, self.attname, blinded)
        return blinded

    def _blinded(self, value: str) -> Blinded:
        try:
            return Blinded(self.index().of(value))
        except NoNormalForm as refused:
            message = f"It is {refused}."
        raise ValidationError(message, code="invalid")

    def _refuse_second(self, instance: Model, value: str) -> None:
        # The constraint compares bytes, and those of another key differ for the same value.
        if len(key_ring().ids) == 1:
            return
        rows = self.model._base_manager.db_manager(hints={"instance": instance})
        if rows.filter(**{self.name: value}).exclude(pk=instance.pk).exists():
            raise IntegrityError(f"{self}: another row has this value")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        if type(value) is not Blinded:
            raise FieldError(f"{self} is written from {self.value_field}: assign that and save()")
        return connection.Database.Binary(value.index)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return self.get_db_prep_value(value, connection)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        refuse_alone(self, [self.value_field], compiler)
        if self in getattr(compiler.query, "update_fields", ()):
            raise FieldError(f"{self} is written from {self.value_field}: not by an upsert")
        return connection.ops.binary_placeholder_sql(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Blinded | None:
        return None if value is None else Blinded(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return SameValue
        if lookup_name != "isnull":
            raise FieldError(f"{self} is a blind index: only exact and isnull can be asked")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self} is a blind index: only exact and isnull can be asked")

    def get_internal_type(self) -> str:
        return "BinaryField"

    def value_to_string(self, obj: Model) -> NoReturn:
        raise FieldError(f"{self} is a blind index: it is not dumped or serialized")

    def formfield(self, **kwargs: Any) -> None:
        """None: nobody types it."""

    def check(self, **kwargs: Any) -> list[Any]:
        return [*super().check(**kwargs), *index_contradictions(self)]


class SameValue(In):
    """`filter(phone_index="+1 505 555 0123")`: rows with this value, whatever key they are of.

    Raises NoNormalForm for a text that no value of this kind could be, FieldError for anything
    but a text: a column or an index compared with another is never the question.
    """

    lookup_name = "exact"

    def get_prep_lookup(self) -> Any:
        field = self.lhs.output_field
        if type(self.rhs) is str:
            self.rhs = [Blinded(index) for index in field.index().candidates(self.rhs)]
        elif type(self.rhs) is Blinded:  # Django's own check of a unique field
            self.rhs = [self.rhs]
        else:
            raise FieldError(f"{field} is a blind index: it is compared with a text")
        return self.rhs
