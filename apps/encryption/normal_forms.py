"""Normal forms: the one text that stands for every spelling of a value. Pure.

Guarantees: two spellings of one value have one form, and a form is its own form. What has none is
refused, never guessed at: a look-up for it could only find the wrong person.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

LONGEST = 320  # characters of a spelling; an e-mail address has at most 254 (RFC 5321)

_SEPARATORS = re.compile(r"[\s().\-\u2010-\u2015\u2212/]")
_TRUNK = re.compile(r"\(\s*0\s*\)")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NATIONAL_ID = re.compile(r"[0-9A-Za-z]{2,32}")
_EMAIL = re.compile(r"[^\s@\ud800-\udfff]+@[^\s@\ud800-\udfff]+")


class NoNormalForm(ValueError):
    """Not a value of the kind that is looked for. The message names the kind, never the text."""


class Normaliser(StrEnum):
    """Which kind of value. A spelling is part of the stored format and is never reused."""

    PHONE = "e164"
    """A telephone number in international form: `+1 (505) 555-0123` is `+15055550123` (E.164)."""

    NATIONAL_ID = "national-id"
    """The digits, and where a country puts letters in, the capital letters: `123-45-6789` is
    `123456789`. Letters stay, because `12345678-A` and `12345678-Z` are two people in Spain."""

    EMAIL = "email"
    """An address without regard to case: the case-folded NFKC form. Who receives mail may tell
    capitals before the `@` apart (RFC 5321, 2.3.11); nobody is known to."""

    def of(self, text: str) -> str:
        """The normal form of `text`. Raises NoNormalForm."""
        form = _FORMS[self](_plain(text)) if len(text) <= LONGEST else None
        if form is None:
            raise NoNormalForm(f"not a value of the kind {self.value}")
        return form


def _plain(text: str) -> str:
    """Compatible forms made one (NFKC), without the invisible characters that copying brings."""
    if text.isascii():
        return text.strip()  # it has one form, and nothing invisible of that kind
    composed = unicodedata.normalize("NFKC", text)
    return "".join(c for c in composed if unicodedata.category(c) != "Cf").strip()


def _phone(text: str) -> str | None:
    # "+44 (0)20 …": a digit in parentheses is not dialled from abroad (ITU-T E.123).
    number = _SEPARATORS.sub("", _TRUNK.sub("", text))
    return number if _E164.fullmatch(number) else None


def _national_id(text: str) -> str | None:
    characters = _SEPARATORS.sub("", text)
    # Matched before it is raised: some letters outside ASCII have capitals inside.
    return characters.upper() if _NATIONAL_ID.fullmatch(characters) else None


def _email(text: str) -> str | None:
    folded = unicodedata.normalize("NFKC", text.casefold())
    return folded if _EMAIL.fullmatch(folded) else None


_FORMS: dict[Normaliser, Callable[[str], str | None]] = {
    Normaliser.PHONE: _phone,
    Normaliser.NATIONAL_ID: _national_id,
    Normaliser.EMAIL: _email,
}
