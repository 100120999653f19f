"""Every refusal and error, as one closed set of problem documents (RFC 9457).

A code never changes its meaning and is never reused. Details are written here by us: no exception
text, class name, path, SQL or value of the caller ever enters a document (ASVS 16.5.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import orjson
from django.conf import settings
from django.http import HttpResponse

from .request_context import current_request

MEDIA_TYPE = "application/problem+json"


class Code(StrEnum):
    """The closed set of problem codes that clients may switch on."""

    MALFORMED_CREDENTIAL = "malformed_credential"
    CREDENTIAL_EXPOSED = "credential_exposed"
    CREDENTIALS_MISSING = "credentials_missing"
    CREDENTIALS_INVALID = "credentials_invalid"
    INSUFFICIENT_SCOPE = "insufficient_scope"
    NOT_PERMITTED = "not_permitted"
    BROWSER_KEY = "browser_key"
    SECOND_FACTOR_REQUIRED = "second_factor_required"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    PAYLOAD_TOO_LARGE = "payload_too_large"
    LENGTH_REQUIRED = "length_required"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    NOT_ACCEPTABLE = "not_acceptable"
    MALFORMED_BODY = "malformed_body"
    VALIDATION_FAILED = "validation_failed"
    MASKED_VALUE = "masked_value"
    IDEMPOTENCY_KEY_REQUIRED = "idempotency_key_required"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    REQUEST_IN_PROGRESS = "request_in_progress"
    PRECONDITION_REQUIRED = "precondition_required"
    PRECONDITION_FAILED = "precondition_failed"
    CONFLICT = "conflict"
    RATE_LIMITED = "rate_limited"
    PENALIZED = "penalized"
    VERSION_UNSUPPORTED = "version_unsupported"
    VERSION_GONE = "version_gone"
    UPSTREAM_FAILED = "upstream_failed"
    UNAVAILABLE = "unavailable"
    INTERNAL_ERROR = "internal_error"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code says: HTTP status, fixed title, and what the caller can do about it."""

    status: int
    title: str
    remedy: str


CATALOGUE: dict[Code, Meaning] = {
    Code.MALFORMED_CREDENTIAL: Meaning(
        400,
        "Malformed credential",
        "Send exactly one credential, in one header: Authorization: Bearer … or X-API-Key: ….",
    ),
    Code.CREDENTIAL_EXPOSED: Meaning(
        400,
        "Credential exposed",
        "The credential travelled in a place that is logged or readable. Revoke it, make a new "
        "one, and send that in a header over HTTPS.",
    ),
    Code.CREDENTIALS_MISSING: Meaning(
        401, "Credentials missing", "Send an API key or an access token in a header."
    ),
    Code.CREDENTIALS_INVALID: Meaning(
        401,
        "Credentials invalid",
        "The member reason says why: unknown, checksum (a typing or copying error), expired, "
        "revoked, network (not allowed from this address) or inactive (the owner is switched off).",
    ),
    Code.INSUFFICIENT_SCOPE: Meaning(
        403,
        "Insufficient scope",
        "Use a credential that has the scope named in WWW-Authenticate.",
    ),
    Code.NOT_PERMITTED: Meaning(
        403,
        "Not permitted",
        "The credential is good, but its owner's role may not do this here.",
    ),
    Code.BROWSER_KEY: Meaning(
        403,
        "API key sent by a browser",
        "API keys belong on servers. Call this API from your backend, or use OAuth with PKCE in "
        "the browser, and revoke the key: whoever opened the page could read it.",
    ),
    Code.SECOND_FACTOR_REQUIRED: Meaning(
        403,
        "Second factor required",
        "Sign in with a second factor no more than ten minutes ago, and repeat.",
    ),
    Code.NOT_FOUND: Meaning(
        404, "Not found", "It does not exist, or it is not visible to this credential."
    ),
    Code.METHOD_NOT_ALLOWED: Meaning(
        405, "Method not allowed", "The header Allow lists the methods of this resource."
    ),
    Code.PAYLOAD_TOO_LARGE: Meaning(413, "Payload too large", "Send at most 1 MiB."),
    Code.LENGTH_REQUIRED: Meaning(
        411, "Length required", "Send Content-Length; chunked bodies are not taken here."
    ),
    Code.UNSUPPORTED_MEDIA_TYPE: Meaning(
        415, "Unsupported media type", "Send Content-Type: application/json."
    ),
    Code.NOT_ACCEPTABLE: Meaning(406, "Not acceptable", "This API answers application/json only."),
    Code.MALFORMED_BODY: Meaning(
        400,
        "Malformed body",
        "Send one JSON object in UTF-8: no duplicate keys, no NaN or Infinity, at most 20 levels.",
    ),
    Code.VALIDATION_FAILED: Meaning(
        400, "Validation failed", "The member errors names every field and what is wrong with it."
    ),
    Code.MASKED_VALUE: Meaning(
        400,
        "Masked value",
        "A masked value was sent back. Send the real value, or leave the field out.",
    ),
    Code.IDEMPOTENCY_KEY_REQUIRED: Meaning(
        400,
        "Idempotency key required",
        "Send Idempotency-Key with a fresh random value, and the same one on a retry.",
    ),
    Code.IDEMPOTENCY_KEY_REUSED: Meaning(
        422, "Idempotency key reused", "This key came with another body before. Use a fresh one."
    ),
    Code.REQUEST_IN_PROGRESS: Meaning(
        409, "Request in progress", "The first request with this key still runs. Retry shortly."
    ),
    Code.PRECONDITION_REQUIRED: Meaning(
        428, "Precondition required", "Read the object, then send its ETag in If-Match."
    ),
    Code.PRECONDITION_FAILED: Meaning(
        412, "Precondition failed", "The object has changed since you read it. Read it again."
    ),
    Code.CONFLICT: Meaning(409, "Conflict", "The state of the object does not allow this."),
    Code.RATE_LIMITED: Meaning(
        429, "Rate limited", "Wait as many seconds as Retry-After says, then repeat."
    ),
    Code.PENALIZED: Meaning(
        429,
        "Penalized",
        "Too many requests were refused. Wait as long as Retry-After says.",
    ),
    Code.VERSION_UNSUPPORTED: Meaning(
        400, "Version unsupported", "Leave API-Version out, or send a supported date."
    ),
    Code.VERSION_GONE: Meaning(
        410, "Version gone", "This version has passed its sunset date. Move to the next one."
    ),
    Code.UPSTREAM_FAILED: Meaning(
        502, "Upstream failed", "A service that this answer needs did not give a usable reply."
    ),
    Code.UNAVAILABLE: Meaning(503, "Unavailable", "Try again after Retry-After seconds."),
    Code.INTERNAL_ERROR: Meaning(
        500,
        "Internal error",
        "The fault is ours. Tell us the request_id: the details are in our log under it.",
    ),
}


#: The code of a field or parameter that nobody here knows.
UNKNOWN_FIELD = "unknown_field"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with the input.

    `pointer`: JSON pointer into the body, `?name` for a query parameter, `#name` for a header.
    """

    pointer: str
    code: str
    detail: str

    @property
    def place(self) -> str:
        """The pointer, as logs may hold it: a name that is not ours is the caller's own text."""
        if self.code != UNKNOWN_FIELD:
            return self.pointer
        return "?*" if self.pointer.startswith("?") else f"{self.pointer.rpartition('/')[0]}/*"


class Problem(Exception):
    """A refusal or error that ends the request with its document."""

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        reason: str = "",
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
        status: int | None = None,
    ) -> None:
        """`status`: where it differs from the code's own, as for a challenge to a token."""
        super().__init__(code)
        self.code = code
        self.detail = detail or CATALOGUE[code].remedy
        self.reason = reason
        self.errors = tuple(errors)
        self.headers = headers or {}
        self.status = status or CATALOGUE[code].status

    def faults(self) -> dict[str, str]:
        """Place and code of everything wrong with the input, for logs: no value, no free text."""
        return {error.place: error.code for error in self.errors}

    def document(self) -> dict[str, object]:
        """The members of the document, in the order that people read them."""
        meaning = CATALOGUE[self.code]
        members: dict[str, object] = {
            "type": f"{settings.PUBLIC_URL}/docs/errors/{self.code}",
            "title": meaning.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "request_id": current_request.get().request_id,
        }
        if self.reason:
            members["reason"] = self.reason
        if self.errors:
            members["errors"] = [
                {"pointer": e.pointer, "code": e.code, "detail": e.detail} for e in self.errors
            ]
        return members

    def response(self) -> HttpResponse:
        """The HTTP response. Errors are never stored by a cache."""
        response = HttpResponse(
            orjson.dumps(self.document()),
            status=self.status,
            content_type=MEDIA_TYPE,
        )
        response.problem = self  # what the request log says of it
        response["Cache-Control"] = "no-store"
        for name, value in self.headers.items():
            response[name] = value
        return response


def invalid(*errors: FieldError) -> Problem:
    """Input that was understood and refused, every fault at once."""
    return Problem(Code.VALIDATION_FAILED, errors=errors)
