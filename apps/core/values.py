"""Values that inputs and answers of every version share."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from .text import matching

_UUID_LENGTH = 36


def _uuid(value: object) -> UUID:
    # The canonical spelling only: uuid.UUID also takes braces, "urn:uuid:" and missing hyphens.
    if isinstance(value, str) and len(value) == _UUID_LENGTH:
        try:
            parsed = UUID(value)
        except ValueError:
            parsed = None
        if parsed and str(parsed) == value.lower():
            return parsed
    raise PydanticCustomError("own_wrong_format", "It is a UUID")


#: An id in a body.
Id = Annotated[
    UUID,
    PlainValidator(_uuid),
    WithJsonSchema({"type": "string", "format": "uuid", "maxLength": 36}),
]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"}, max_length=40)]


def moment(value: datetime | None) -> str | None:
    """A time as clients read it: RFC 3339, UTC, `Z`."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def whole_number(low: int, high: int) -> Any:
    """A whole number in a query string: digits only, no sign, no spaces."""

    def number(text: str) -> int:
        return int(text)

    return Annotated[
        int,
        Field(ge=low, le=high),
        BeforeValidator(number),
        matching(r"[0-9]{1,9}", "wrong_format", "It is a whole number"),
        WithJsonSchema({"type": "integer", "minimum": low, "maximum": high}),
    ]
