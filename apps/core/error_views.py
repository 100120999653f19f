"""Where Django's and DRF's own exceptions become problem documents."""

from django.core.exceptions import DisallowedHost, PermissionDenied, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from .problems import Code, FieldError, Problem, invalid


def handle(exc: Exception, _context: dict[str, object]) -> HttpResponse | None:
    """DRF's exception handler. None lets an unforeseen exception become Django's 500, logged."""
    if isinstance(exc, Problem):
        return exc.response()
    if isinstance(exc, Http404 | exceptions.NotFound):
        return Problem(Code.NOT_FOUND).response()
    if isinstance(exc, PermissionDenied | exceptions.PermissionDenied):
        return Problem(Code.NOT_PERMITTED).response()
    return None


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 400: a host that is not ours, or a request that it finds suspicious."""
    if isinstance(exception, DisallowedHost):
        return invalid(
            FieldError("#Host", "not_allowed", "This host is not served here.")
        ).response()
    if isinstance(exception, TooManyFieldsSent):
        return invalid(FieldError("?", "too_many", "The query has too many parts.")).response()
    return Problem(Code.MALFORMED_BODY).response()


def forbidden(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 403."""
    return Problem(Code.NOT_PERMITTED).response()


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Unknown path. The same document as for an object that is not visible."""
    return Problem(Code.NOT_FOUND).response()


def server_error(_request: HttpRequest) -> HttpResponse:
    """Anything unforeseen. The traceback is in the log under the request id, and only there."""
    return Problem(Code.INTERNAL_ERROR).response()
