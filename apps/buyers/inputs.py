"""What a buyer tells of the own person, whatever the version."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from apps.core.inputs import Body
from apps.core.problems import Code, FieldError, Problem
from apps.core.text import line
from apps.encryption.normal_forms import NoNormalForm, Normaliser

from .masking import is_masked

_OLDEST = 130
_ADULT = 18
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _birth(value: object) -> date:
    try:
        born = date.fromisoformat(value) if _is_plain_date(value) else None
    except ValueError:
        born = None
    if born is None:
        raise PydanticCustomError("own_wrong_format", "It is a date, YYYY-MM-DD")
    today = datetime.now(UTC).date()
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not _ADULT <= age <= _OLDEST:
        raise PydanticCustomError("own_out_of_range", "A buyer is 18 to 130 years old")
    return born


def _is_plain_date(value: object) -> bool:
    # fromisoformat also takes weeks ("1984-W09-3") and other forms of ISO 8601.
    return isinstance(value, str) and bool(_DATE.fullmatch(value))


# Not \d: in pydantic's expressions it is a digit of any script.
Phone = Annotated[
    str,
    Field(
        pattern=r"^\+[1-9][0-9]{6,14}$",
        examples=["+15055550123"],
        json_schema_extra={"maxLength": 16},
    ),
]
NationalId = Annotated[
    str,
    Field(
        pattern=r"^[0-9A-Za-z][0-9A-Za-z -]{2,30}[0-9A-Za-z]$",
        examples=["123-45-6789"],
        json_schema_extra={"maxLength": 32},
    ),
]


def _with_form(normaliser: Normaliser) -> AfterValidator:
    def refuse_formless(text: str) -> str:
        try:
            normaliser.of(text)
        except NoNormalForm:
            raise PydanticCustomError("own_wrong_format", "It is no such number") from None
        return text

    return AfterValidator(refuse_formless)


#: The same two as people write them: looked up by their normal form, never stored like this.
PhoneSpelling = Annotated[
    str,
    Field(
        max_length=40,
        pattern=r"^\+[1-9]([ ().-]*[0-9]){6,14}$",
        examples=["+1 (505) 555-0123"],
    ),
    _with_form(Normaliser.PHONE),
]
NationalIdSpelling = Annotated[
    str,
    Field(
        max_length=64,
        pattern=r"^[0-9A-Za-z]([ ./-]*[0-9A-Za-z]){1,31}$",
        examples=["123-45-6789"],
    ),
    _with_form(Normaliser.NATIONAL_ID),
]
DateOfBirth = Annotated[
    date,
    PlainValidator(_birth),
    WithJsonSchema(
        {"type": "string", "format": "date", "maxLength": 10, "examples": ["1984-02-29"]}
    ),
]
LegalName = line(120, "Ana María O'Neil")


class Unmasked(Body):
    """A body that may hold what was shown masked before."""

    @classmethod
    def read(cls, value: Any, read_only: frozenset[str] = frozenset()) -> Self:
        """Refuses a value that was masked for the caller before it is taken for a real one."""
        if isinstance(value, dict):
            masked = [name for name in cls.model_fields if is_masked(value.get(name))]
            if masked:
                raise Problem(
                    Code.MASKED_VALUE,
                    errors=[
                        FieldError(f"/{name}", "masked_value", "Send the real value.")
                        for name in masked
                    ],
                )
        return super().read(value, read_only)
