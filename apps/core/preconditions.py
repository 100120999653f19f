"""Conditional requests (RFC 9110 section 13): no lost update, no needless body.

Tags are strong: two answers that differ by one byte, for whatever reason, have different tags.
"""

from django.http import HttpRequest

from .problems import Code, FieldError, Problem


def require_match(request: HttpRequest, etag: str | None) -> None:
    """Demand that the caller has seen the current state. Raises 428 without If-Match, 412 else.

    `etag` is None where there is no object yet: then nothing can match.
    """
    header = request.META.get("HTTP_IF_MATCH")
    if header is None and etag is None:
        return
    if header is None:
        raise Problem(
            Code.PRECONDITION_REQUIRED,
            errors=[FieldError("#If-Match", "required", "Send the ETag of the object.")],
        )
    if etag is None or not _matches(header, etag):
        raise Problem(Code.PRECONDITION_FAILED)


def is_unchanged(request: HttpRequest, etag: str) -> bool:
    """May a GET be answered with 304?"""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    return header is not None and _matches(header.replace("W/", ""), etag)


def _matches(header: str, etag: str) -> bool:
    return header.strip() == "*" or etag in (tag.strip() for tag in header.split(","))
