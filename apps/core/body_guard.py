"""What a request may look like before anyone reads its body."""

from collections.abc import Mapping

from .problems import Code, Problem

MAX_BODY = 1024 * 1024
_MAX_LENGTH_DIGITS = 20
_JSON = "application/json"
#: "Not this one" (RFC 9110 section 12.4.2), in every spelling.
_NEVER = frozenset({"q=0", "q=0.", "q=0.0", "q=0.00", "q=0.000"})
_ACCEPTABLE = frozenset({"*/*", "application/*", _JSON, "application/problem+json"})


def refuse_unacceptable(meta: Mapping[str, str]) -> None:
    """Raises 406 where the caller takes nothing that this API can answer."""
    header = meta.get("HTTP_ACCEPT")
    if not header or header in _ACCEPTABLE:
        return
    for part in header.split(","):
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media_type in _ACCEPTABLE and _NEVER.isdisjoint(parameters):
            return
    raise Problem(Code.NOT_ACCEPTABLE)


def refuse_unreadable(meta: Mapping[str, str]) -> None:
    """Raises 411 for a chunked body, 413 for a large one, 415 for one that is not JSON."""
    if "HTTP_TRANSFER_ENCODING" in meta:
        # Its length is unknown until it has been read: the edge buffers, the node does not.
        raise Problem(Code.LENGTH_REQUIRED)
    length = _length(meta.get("CONTENT_LENGTH"))
    if length > MAX_BODY:
        raise Problem(Code.PAYLOAD_TOO_LARGE)
    if length and not _is_json(meta.get("CONTENT_TYPE", "")):
        raise Problem(Code.UNSUPPORTED_MEDIA_TYPE)


def _length(header: str | None) -> int:
    if not header:
        return 0
    if not (header.isascii() and header.isdigit()):
        raise Problem(Code.LENGTH_REQUIRED)
    # Compared as text first: int() refuses thousands of digits with an error of its own.
    return int(header) if len(header) <= _MAX_LENGTH_DIGITS else MAX_BODY + 1


def _is_json(content_type: str) -> bool:
    media_type, _, parameters = content_type.partition(";")
    if media_type.strip().lower() != _JSON:
        return False
    return parameters.strip().lower().replace('"', "") in ("", "charset=utf-8")
