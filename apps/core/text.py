"""Text as people write it, without what can harm: the types that inputs are made of.

Names may come in any script. What is refused is what has no place in text (control characters,
invisible format characters that reorder or hide, half characters), and what has no bound.
"""

import re
import unicodedata
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

#: Line breaks and tabs, allowed in prose only.
_PROSE_CONTROLS = {"\n", "\t"}
#: Joiners that some scripts and emoji need; every other format character is refused.
_JOINERS = {"\u200c", "\u200d"}
_REFUSED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

#: The same as far as an expression without Unicode's classes can say it: controls, separators of
#: lines, what is invisible or turns the direction, and what has no meaning but a private one.
_NOT_TEXT = (
    r"\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\ue000-\uf8ff\ufeff\ufff0-\ufffb\ufffe\uffff"
)
LINE_PATTERN = rf"^[^\u0000-\u001f{_NOT_TEXT}]*$"
PROSE_PATTERN = rf"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f{_NOT_TEXT}]*$"
_UNPRINTABLE = re.compile(rf"[\u0000-\u001f{_NOT_TEXT}]")


def printable(text: str) -> str:
    """The text with a mark in place of every character that no line may hold."""
    return _UNPRINTABLE.sub("\ufffd", text)


def _refuse_controls(text: str, allowed: set[str]) -> None:
    if text.isascii() and text.isprintable():
        return
    for character in text:
        if character in allowed:
            continue
        if unicodedata.category(character) in _REFUSED_CATEGORIES:
            raise PydanticCustomError("own_control_character", "Control characters are not allowed")


def _composed(text: str, max_length: int) -> str:
    # Composition can make a text longer (U+FB2C becomes three characters): the bound of the column
    # counts what is stored, not what was sent.
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > max_length:
        raise PydanticCustomError("own_too_long", "It is too long in composed form (NFC)")
    return text


def _line(text: str, max_length: int) -> str:
    _refuse_controls(text, _JOINERS)
    text = _composed(text, max_length)
    if not text.strip("".join(_JOINERS)):
        raise PydanticCustomError("own_blank", "It must not be blank")
    return text


def _prose(text: str, max_length: int) -> str:
    text = text.replace("\r\n", "\n")
    _refuse_controls(text, _PROSE_CONTROLS | _JOINERS)
    return _composed(text, max_length)


def line(max_length: int, example: str = "") -> Any:
    """One line of text, 1 to `max_length` characters, NFC."""
    return Annotated[
        str,
        Field(
            min_length=1,
            max_length=max_length,
            examples=[example],
            json_schema_extra={"pattern": LINE_PATTERN},
        ),
        AfterValidator(partial(_line, max_length=max_length)),
    ]


def prose(max_length: int, example: str = "") -> Any:
    """Text of several lines, 0 to `max_length` characters, NFC."""
    return Annotated[
        str,
        Field(max_length=max_length, examples=[example]),
        AfterValidator(partial(_prose, max_length=max_length)),
    ]


#: For the schema of a text that is compared and never kept or shown: a password, a found key.
ANYTHING = {"pattern": r"^[\s\S]*$"}


def matching(pattern: str, code: str, message: str, normalise: Any = str) -> Any:
    """A validator for query text: the whole text matches, or the fault is named."""
    compiled = re.compile(pattern)

    def validate(text: str) -> str:
        text = normalise(text)
        if not compiled.fullmatch(text):
            raise PydanticCustomError(f"own_{code}", message)
        return text

    return BeforeValidator(validate)
