"""JSON as strict as RFC 8259 wishes it were (I-JSON, RFC 7493).

Refuses what parsers disagree about, because a gateway that reads the first of two keys and a
service that reads the last one is how checks are bypassed: duplicate keys, NaN and Infinity,
lone surrogates, other encodings than UTF-8, and what exhausts a parser or whoever reads its result:
nesting deep enough for a stack, numbers of many digits, objects of very many members.
"""

import json
import re
from typing import Any, NoReturn

MAX_DEPTH = 20
#: Longer numbers cost quadratic time to convert and mean nothing here.
MAX_DIGITS = 40
_EXACT = 2**53 - 1
#: No object here has a tenth of it; every unknown member of a hostile one would cost an error.
MAX_MEMBERS = 100

# Possessive, and content with a string that never ends: a pattern that may look back takes hours
# over a megabyte of escaped quotes.
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(rb"[\[{\]}]")


class MalformedJson(ValueError):
    """The text is not JSON that this service takes; the message says why, without the text."""


def loads(text: bytes) -> Any:
    """Parse one JSON value. Raises MalformedJson, and nothing else, whatever the bytes are."""
    _refuse_depth(text)
    try:
        value = _decoder.decode(text.decode("utf-8"))
    except MalformedJson:
        raise
    except UnicodeDecodeError:
        raise MalformedJson("the body is not UTF-8") from None
    except ValueError:
        raise MalformedJson("the body is not JSON") from None
    _refuse_surrogates(text, value)
    return value


def _refuse_depth(text: bytes) -> None:
    # Every nesting level costs one bracket, so few brackets need no second look.
    if text.count(b"[") + text.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for bracket in _BRACKETS.finditer(_STRINGS.sub(b"", text)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > MAX_DEPTH:
            raise MalformedJson(f"the body is nested more than {MAX_DEPTH} levels deep")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_MEMBERS:
        raise MalformedJson(f"an object has more than {MAX_MEMBERS} members")
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedJson("an object has the same key twice")
    return members


def _refuse_surrogates(text: bytes, value: Any) -> None:
    # "\ud800" alone is legal JSON but no character: it can neither be stored nor sent again.
    if b"\\ud" not in text.lower():
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise MalformedJson("a string holds half a character") from None


def _constant(_name: str) -> NoReturn:
    raise MalformedJson("NaN and Infinity are not JSON")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise MalformedJson("a number is too long")
    return int(digits)


def _float(digits: str) -> float | int:
    if len(digits) > MAX_DIGITS:
        raise MalformedJson("a number is too long")
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise MalformedJson("a number is too large")
    # 3.0 and 3 are one number to JSON and to JSON Schema, as far as both are exact (RFC 7493 2.2).
    return int(value) if value.is_integer() and abs(value) <= _EXACT else value


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_float
)
