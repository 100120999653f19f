"""The encrypted model fields: text, bytes, date and decimal number. JSON is in `json_field.py`.

Each says the one plaintext that stands for a value, and its bounds. Guarantees: a value comes back
as it was given, or was refused before it was written; no refusal shows it. Does not guarantee: the
length of a text or of bytes can be seen from the ciphertext.
"""

from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from django.core.checks import Error
from django.core.exceptions import ValidationError

from apps.encryption.encrypted_field import EncryptedField


class BoundedField(EncryptedField):
    """A field whose values have `max_length`, which must be said."""

    def check(self, **kwargs: Any) -> list[Any]:
        errors = super().check(**kwargs)
        if not isinstance(self.max_length, int) or self.max_length < 1:
            errors.append(Error("max_length is required.", obj=self, id="encryption.E007"))
        return errors


class EncryptedTextField(BoundedField):
    """A text of at most `max_length` characters, exactly as given (nothing is normalised)."""

    description = "Encrypted text"
    python_types = (str,)

    def to_bytes(self, value: str) -> bytes:
        if len(value) > self.max_length:
            raise ValidationError(f"At most {self.max_length} characters.", code="max_length")
        try:
            return value.encode()
        except UnicodeEncodeError:
            pass  # raised below, outside of the error that holds the text
        raise ValidationError("Not a text: it holds half a surrogate pair.", code="invalid")

    from_bytes = staticmethod(bytes.decode)


class EncryptedBytesField(BoundedField):
    """At most `max_length` bytes: a small file, a key, a template of a fingerprint."""

    description = "Encrypted bytes"
    python_types = (bytes,)

    def to_bytes(self, value: bytes) -> bytes:
        if len(value) > self.max_length:
            raise ValidationError(f"At most {self.max_length} bytes.", code="max_length")
        return value

    def from_bytes(self, plaintext: bytes) -> bytes:
        return plaintext


class EncryptedDateField(EncryptedField):
    """A calendar date, kept as ISO 8601 `YYYY-MM-DD`."""

    description = "Encrypted date"
    python_types = (date,)

    def to_bytes(self, value: date) -> bytes:
        return value.isoformat().encode()

    def from_bytes(self, plaintext: bytes) -> date:
        return date.fromisoformat(plaintext.decode())


class EncryptedDecimalField(EncryptedField):
    """An exact number of at most `max_digits`, `decimal_places` of them behind the point.

    Kept with leading zeros in one width, because the length of a ciphertext is visible and would
    tell the magnitude of an income. Nothing is rounded: a digit too many raises ValidationError.
    """

    description = "Encrypted decimal number"
    python_types = (Decimal,)

    def __init__(self, *args: Any, max_digits: int, decimal_places: int, **kwargs: Any) -> None:
        self.max_digits, self.decimal_places = max_digits, decimal_places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        digits = {"max_digits": self.max_digits, "decimal_places": self.decimal_places}
        return name, path, args, kwargs | digits

    def to_bytes(self, value: Decimal) -> bytes:
        exact = Context(prec=self.max_digits, traps=[Inexact, InvalidOperation])
        step = Decimal(1).scaleb(-self.decimal_places)
        try:
            number = value.quantize(step, context=exact) if value.is_finite() else None
        except (Inexact, InvalidOperation):
            number = None
        if number is None:
            raise ValidationError(
                f"At most {self.max_digits} digits, {self.decimal_places} of them decimals.",
                code="invalid",
            )
        # Wide enough for a sign, a zero, the point and every digit. Zero itself has no sign.
        return format(number or number.copy_abs(), f"0{self.max_digits + 3}f").encode()

    def from_bytes(self, plaintext: bytes) -> Decimal:
        return Decimal(plaintext.decode())

    def check(self, **kwargs: Any) -> list[Any]:
        errors = super().check(**kwargs)
        if self.max_digits < 1 or not 0 <= self.decimal_places <= self.max_digits:
            message = "max_digits must be at least 1, decimal_places between 0 and max_digits."
            errors.append(Error(message, obj=self, id="encryption.E008"))
        return errors
