"""Conditional requests (RFC 9110 section 13): no lost update, no needless body.

Tags are strong: two answers that differ by one byte, for whatever reason, have different tags.
"""

import re

from django.http import HttpRequest

from .problems import Code, FieldError, Problem, invalid

#: What either header may hold at most; what is no tag in it matches nothing.
MAX_TAGS = 400
_TAGS = re.compile(rf"[ -~]{{0,{MAX_TAGS}}}")


def require_match(request: HttpRequest, etag: str | None) -> None:
    """Demand that the caller has seen the current state. Raises 428 without If-Match, 412 else.

    Raises 400 for a header that is longer than any list of tags, or no text.

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
    _refuse_malformed("If-Match", header)
    if etag is None or not _matches(header, etag):
        raise Problem(Code.PRECONDITION_FAILED)


def is_unchanged(request: HttpRequest, etag: str) -> bool:
    """May a GET be answered with 304? Raises 400 like `require_match`."""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if header is None:
        return False
    _refuse_malformed("If-None-Match", header)
    return _matches(header.replace("W/", ""), etag)


def _refuse_malformed(name: str, header: str) -> None:
    if not _TAGS.fullmatch(header):
        raise invalid(FieldError(f"#{name}", "wrong_format", "Send entity tags, or an asterisk."))


def _matches(header: str, etag: str) -> bool:
    return header.strip() == "*" or etag in (tag.strip() for tag in header.split(","))
