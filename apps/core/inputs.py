"""What callers may send: typed, bounded, and nothing else.

An input is a pydantic model. It refuses unknown fields, never converts one type into another,
and reports every fault at once. The OpenAPI document is made from the same models.
"""

from collections.abc import Mapping
from typing import Any, Self

from django.http import QueryDict
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from .problems import UNKNOWN_FIELD, Code, FieldError, Problem, invalid
from .text import printable

#: An answer lists at most this many faults, so that a hostile body does not grow the reply.
MAX_ERRORS = 50
_MAX_POINTER = 120

#: pydantic's names for faults, in ours. What is missing here is reported as "invalid".
_CODES = {
    "missing": "required",
    "extra_forbidden": UNKNOWN_FIELD,
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "wrong_format",
    "too_long": "too_many",
    "too_short": "too_few",
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_large",
    "less_than": "too_large",
    "enum": "not_a_choice",
    "literal_error": "not_a_choice",
    "string_type": "wrong_type",
    "int_type": "wrong_type",
    "bool_type": "wrong_type",
    "list_type": "wrong_type",
    "dict_type": "wrong_type",
    "model_type": "wrong_type",
    "model_attributes_type": "wrong_type",
}


class Body(BaseModel):
    """A JSON body. Optional fields are left out, not null, unless a field says otherwise."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    @classmethod
    def read(cls, value: Any, read_only: frozenset[str] = frozenset()) -> Self:
        """Validate a parsed body. Raises Problem listing every fault.

        `read_only` names fields that the object has but the caller may not set, so that the
        refusal can say so instead of calling them unknown.
        """
        if not isinstance(value, dict):
            raise Problem(Code.MALFORMED_BODY, "The body must be one JSON object.")
        try:
            return cls.model_validate(value)
        except ValidationError as refused:
            raise invalid(*_faults(refused, _body_pointer, read_only)) from None

    @classmethod
    def demands_nothing(cls) -> bool:
        """May all of it be left out? Then so may the body."""
        return not any(field.is_required() for field in cls.model_fields.values())

    def given(self) -> dict[str, Any]:
        """The fields that the caller did send: what a PATCH changes."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Query(BaseModel):
    """The query string. Every parameter is known, and comes at most once."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @classmethod
    def read(cls, parameters: QueryDict) -> Self:
        """Validate a query string. Raises Problem listing every fault."""
        # One that nobody knows is called that, whether it comes once or twice.
        twice = [name for name in cls.model_fields if len(parameters.getlist(name)) > 1]
        if twice:
            raise invalid(
                *(FieldError(_query_pointer([n]), "duplicate", "Send it once.") for n in twice)
            )
        try:
            return cls.model_validate(parameters.dict())
        except ValidationError as refused:
            raise invalid(*_faults(refused, _query_pointer)) from None


class NoQuery(Query):
    """A route that takes no query parameters, and refuses any."""


class NoBody(Body):
    """An action that takes no input: an empty body or `{}`."""


def _faults(
    refused: ValidationError,
    pointer: Any,
    read_only: Mapping[str, object] | frozenset = frozenset(),
) -> list[FieldError]:
    return [
        _fault(error, pointer(error["loc"]), read_only)
        for error in refused.errors(include_url=False, include_input=False)[:MAX_ERRORS]
    ]


def _fault(error: ErrorDetails, pointer: str, read_only: Any) -> FieldError:
    kind = error["type"]
    if kind == "extra_forbidden" and error["loc"] and error["loc"][-1] in read_only:
        return FieldError(pointer, "read_only", "This field is set by the service.")
    if kind == "extra_forbidden":
        return FieldError(pointer, UNKNOWN_FIELD, "This name is not known here.")
    if kind == "missing":
        return FieldError(pointer, "required", "This field is required.")
    # Our own validators raise PydanticCustomError, whose type and message are written by us.
    return FieldError(pointer, _CODES.get(kind, _own_code(kind)), f"{error['msg']}.")


def _own_code(kind: str) -> str:
    return kind.removeprefix("own_") if kind.startswith("own_") else "invalid"


def _body_pointer(location: tuple[int | str, ...]) -> str:
    # RFC 6901: "~" and "/" inside a name are escaped.
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in location)
    return printable("".join(f"/{step}" for step in steps))[:_MAX_POINTER]


def _query_pointer(location: Any) -> str:
    return printable(f"?{location[0]}")[:_MAX_POINTER] if location else "?"
