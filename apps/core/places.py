"""Cities and states of the United States, as search terms and as addresses."""

import unicodedata
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

#: The 50 states and the District of Columbia (USPS codes).
_CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
)
StateCode = StrEnum("StateCode", {code: code for code in _CODES.split()})

_PUNCTUATION = frozenset(" '’.-")
_MAX_CITY = 100


def _city(text: str) -> str:
    text = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(text) <= _MAX_CITY:
        raise PydanticCustomError("own_wrong_length", "A city has 1 to 100 characters")
    if not all(c in _PUNCTUATION or unicodedata.category(c)[0] in "LM" for c in text):
        raise PydanticCustomError(
            "own_wrong_format",
            "A city has letters of any script, spaces, apostrophes, dots and hyphens only",
        )
    if not any(unicodedata.category(c)[0] == "L" for c in text):
        raise PydanticCustomError("own_wrong_format", "A city has at least one letter")
    return text


def _state(text: str) -> str:
    code = text.strip().upper()
    # upper() makes "SC" of "ſc": two ASCII letters in, or it was none.
    if not text.isascii() or code not in StateCode.__members__:
        raise PydanticCustomError("own_not_a_choice", "It is no US state code")
    return code


def city_key(city: str) -> str:
    """How two spellings of a city are compared: case, apostrophe and composition aside."""
    return unicodedata.normalize("NFC", city).replace("’", "'").casefold()


#: "Cañon City", "Coeur d'Alene", "St. Louis", "Winston-Salem" and not one byte of syntax.
City = Annotated[
    str,
    # 400 before composition: one letter may arrive as a base and several marks.
    Field(
        max_length=400,
        examples=["Cañon City"],
        json_schema_extra={
            "minLength": 1,
            "maxLength": _MAX_CITY,
            # Not \p{L}: half of the tools that read a document cannot compile it. This is looser.
            "pattern": r"^[^\u0000-\u001f!-&(-,/-@\[-`{-\u00a9]+$",
        },
    ),
    AfterValidator(_city),
]
#: Two letters from the real set, in either case.
State = Annotated[
    str,
    Field(max_length=10, examples=["CO"], json_schema_extra={"enum": _CODES.split()}),
    AfterValidator(_state),
]
