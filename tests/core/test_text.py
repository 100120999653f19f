"""Text in any script is welcome; what hides, reorders or has no bound is not."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from apps.core.text import line, prose

LINE = TypeAdapter(line(20))
PROSE = TypeAdapter(prose(20))

NAMES = [
    "Ana María O'Neil",
    "Nguyễn Thị Ánh",
    "李伟",
    "Мария",
    "محمد علي",
    "நிவேதா",
    "می‌خواهم",  # with a zero-width non-joiner, as Persian is written
    "👩‍👧 house",  # joined by a zero-width joiner
    "1 < 2 & 3 > 2; --",
]
HARMFUL = {
    "NUL": "a\x00b",
    "line break": "a\nb",
    "carriage return": "a\rb",
    "escape": "a\x1bb",
    "delete": "a\x7fb",
    "next line": "a\x85b",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "right-to-left override": "a\u202eb",
    "isolate": "a\u2066b",
    "zero-width space": "a\u200bb",
    "soft hyphen": "a\u00adb",
    "byte order mark": "\ufeffab",
    "private use": "a\ue000b",
    "unassigned": "a\u0378b",
    "noncharacter": "a\uffffb",
    "half a character": "a\ud800b",
    "tag character": "a\U000e0041b",
}
BLANK = ["", " ", "\u3000", "\u00a0", "\u200d", " \u200c "]


def refusal(kind: TypeAdapter, text: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        kind.validate_python(text)
    return refused.value.errors()[0]["type"]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_taken_in_every_script(name: str) -> None:
    assert LINE.validate_python(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL)
def test_a_line_holds_no_control_or_format_characters(text: str) -> None:
    refusal(LINE, text)


@pytest.mark.parametrize("name", sorted(set(HARMFUL) - {"line break"}))
def test_prose_holds_none_but_line_breaks_and_tabs(name: str) -> None:
    refusal(PROSE, HARMFUL[name])


def test_prose_keeps_its_lines() -> None:
    assert PROSE.validate_python("a\r\nb\n\tc ") == "a\nb\n\tc"


@pytest.mark.parametrize("text", BLANK, ids=ascii)
def test_a_line_is_not_blank(text: str) -> None:
    refusal(LINE, text)


def test_prose_may_be_empty() -> None:
    assert PROSE.validate_python("") == ""


def test_text_is_stored_composed() -> None:
    assert LINE.validate_python("Can\u0303on") == "Cañon"
    assert PROSE.validate_python("Can\u0303on") == "Cañon"


@pytest.mark.parametrize("kind", [LINE, PROSE], ids=["line", "prose"])
def test_the_bound_counts_what_is_stored(kind: TypeAdapter) -> None:
    assert kind.validate_python("é" * 20) == "é" * 20
    assert refusal(kind, "é" * 21) == "string_too_long"
    # One character that NFC writes as three.
    assert refusal(kind, "\ufb2c" * 7) == "own_too_long"


@given(st.text(max_size=40))
def test_what_a_line_takes_is_bounded_composed_and_printable(text: str) -> None:
    try:
        taken = LINE.validate_python(text)
    except ValidationError:
        return
    assert 1 <= len(taken) <= 20
    assert taken == unicodedata.normalize("NFC", taken)
    assert all(c in "\u200c\u200d" or unicodedata.category(c)[0] != "C" for c in taken)


@given(st.text(max_size=20))
def test_taking_twice_changes_nothing(text: str) -> None:
    try:
        taken = PROSE.validate_python(text)
    except ValidationError:
        return
    assert PROSE.validate_python(taken) == taken
