"""The problem document (RFC 9457) as a schema, and one example for every code."""

from typing import Annotated, Any

from pydantic import Field

from apps.access.challenges import Reason
from apps.core.data_classes import Output
from apps.core.inputs import MAX_ERRORS
from apps.core.problems import CATALOGUE, Code, FieldError, Problem

_REQUEST_ID = "5f2b1c9e8d7a4f60b3c2d1e0f9a8b7c6"
RequestId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$", max_length=64)]

#: What the faults of an example are; codes that have none carry none.
_ERRORS = {
    Code.MALFORMED_CREDENTIAL: FieldError(
        "#Authorization", "malformed_credential", "The header came more than once."
    ),
    Code.VALIDATION_FAILED: FieldError("/title", "too_long", "At most 120 characters."),
    Code.MASKED_VALUE: FieldError("/phone", "masked_value", "Send the real value."),
    Code.IDEMPOTENCY_KEY_REQUIRED: FieldError("#Idempotency-Key", "required", "Send one."),
    Code.PRECONDITION_REQUIRED: FieldError("#If-Match", "required", "Send the ETag of the object."),
}


class Fault(Output):
    """One thing wrong with the input: a JSON pointer, `?name` of the query, `#name` of a header."""

    pointer: str = Field(max_length=120)
    code: str = Field(pattern=r"^[a-z_]{2,40}$", max_length=40)
    detail: str = Field(max_length=300)


class ProblemDocument(Output):
    """Every refusal and error. Switch on `code`; `type` is a page that explains it."""

    type: str = Field(json_schema_extra={"format": "uri"}, max_length=300)
    title: str = Field(max_length=80)
    status: int = Field(ge=400, le=599)
    code: Code
    detail: str = Field(max_length=500)
    request_id: RequestId
    reason: Reason = Field(default=None)
    errors: list[Fault] = Field(default=[], min_length=1, max_length=MAX_ERRORS)


def example(code: Code, status: int | None = None) -> dict[str, Any]:
    """A document of this code, as the service itself would make it."""
    reason = Reason.EXPIRED if code is Code.CREDENTIALS_INVALID else ""
    errors = [_ERRORS[code]] if code in _ERRORS else []
    problem = Problem(code, reason=reason, errors=errors, status=status)
    return problem.document() | {"request_id": _REQUEST_ID}


def summary(code: Code) -> str:
    """Its title."""
    return CATALOGUE[code].title
