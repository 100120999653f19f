"""The encrypted model fields: text, date and decimal number.

Each says the one text that stands for a value, and its bounds. Guarantees: a value comes back as
it was given, or was refused before it was written; no refusal shows it. Does not guarantee: the
length of a text can be seen from its ciphertext.
"""

from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from django.core.checks import Error
from django.core.exceptions import ValidationError

from apps.encryption.encrypted_field import EncryptedField


class EncryptedTextField(EncryptedField):
    """A text of at most `max_length` characters, exactly as given (nothing is normalised)."""

    description = "Encrypted text"
    python_type = str

    def to_text(self, value: str) -> str:
        if len(value) > self.max_length:
            raise ValidationError(f"At most {self.max_length} characters.", code="max_length")
        return value

    def from_text(self, text: str) -> str:
        return text

    def check(self, **kwargs: Any) -> list[Any]:
        errors = super().check(**kwargs)
        if not isinstance(self.max_length, int) or self.max_length < 1:
            errors.append(Error("max_length is required.", obj=self, id="encryption.E007"))
        return errors


class EncryptedDateField(EncryptedField):
    """A calendar date, kept as ISO 8601 `YYYY-MM-DD`."""

    description = "Encrypted date"
    python_type = date

    def to_text(self, value: date) -> str:
        return value.isoformat()

    def from_text(self, text: str) -> date:
        return date.fromisoformat(text)


class EncryptedDecimalField(EncryptedField):
    """An exact number of at most `max_digits`, `decimal_places` of them behind the point.

    Kept with leading zeros in one width, because the length of a ciphertext is visible and would
    tell the magnitude of an income. Nothing is rounded: a digit too many raises ValidationError.
    """

    description = "Encrypted decimal number"
    python_type = Decimal

    def __init__(self, *args: Any, max_digits: int, decimal_places: int, **kwargs: Any) -> None:
        self.max_digits, self.decimal_places = max_digits, decimal_places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        digits = {"max_digits": self.max_digits, "decimal_places": self.decimal_places}
        return name, path, args, kwargs | digits

    def to_text(self, value: Decimal) -> str:
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
        return format(number or number.copy_abs(), f"0{self.max_digits + 3}f")

    def from_text(self, text: str) -> Decimal:
        return Decimal(text)

    def check(self, **kwargs: Any) -> list[Any]:
        errors = super().check(**kwargs)
        if self.max_digits < 1 or not 0 <= self.decimal_places <= self.max_digits:
            message = "max_digits must be at least 1, decimal_places between 0 and max_digits."
            errors.append(Error(message, obj=self, id="encryption.E008"))
        return errors
