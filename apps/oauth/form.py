"""The body of a request to the token, revocation and introspection endpoints.

Everything in the body, once, as a form (RFC 6749 section 3.2). What two readers could read
differently is refused, with the error of the RFC.
"""

from urllib.parse import parse_qsl

from django.http import HttpRequest
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

MAX_BODY = 16 * 1024
_MAX_PARAMETERS = 30
_TYPE = "application/x-www-form-urlencoded"
#: Others are ignored, as the RFC has it: nothing unexpected reaches the library's request, which
#: would take it for a fact of its own (`user`, `scopes`).
_KNOWN = frozenset(
    {
        "grant_type",
        "code",
        "code_verifier",
        "redirect_uri",
        "refresh_token",
        "scope",
        "resource",
        "client_id",
        "client_secret",
        "token",
        "token_type_hint",
    }
)
#: The one parameter that may be repeated (RFC 8707 section 2).
_MAY_REPEAT = "resource"


def read(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and value of every known parameter with a value. Raises InvalidRequestError."""
    if request.META.get("QUERY_STRING"):
        raise _refused("Parameters belong in the body, never in the URL.")
    if request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != _TYPE:
        raise _refused(f"The body is {_TYPE}.")
    pairs = [pair for pair in _parsed(_body(request)) if pair[0] in _KNOWN]
    names = [name for name, _ in pairs if name != _MAY_REPEAT]
    if len(names) != len(set(names)):
        raise _refused("A parameter came more than once.")
    if not all(value.isprintable() for _, value in pairs):
        raise _refused("A parameter holds control characters.")
    # Without a value it is as if it were not there (RFC 6749 section 3.2).
    return [(name, _as_set(value) if name == "scope" else value) for name, value in pairs if value]


def _as_set(scope: str) -> str:
    """Each word once (RFC 6749 section 3.3): what is asked for twice is given once."""
    return " ".join(dict.fromkeys(scope.split(" ")))


def _body(request: HttpRequest) -> str:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if "HTTP_TRANSFER_ENCODING" in request.META or not length.isdecimal():
        raise _refused("The body has a length that is known before.")
    if len(length) > 6 or int(length) > MAX_BODY:
        raise _refused("The body is too large.")
    try:
        return request.body.decode()
    except UnicodeDecodeError:
        raise _refused("The body is no text.") from None


def _parsed(body: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body,
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=_MAX_PARAMETERS,
        )
    except ValueError:
        raise _refused("The body is no form.") from None


def _refused(description: str) -> InvalidRequestError:
    return InvalidRequestError(description=description)
