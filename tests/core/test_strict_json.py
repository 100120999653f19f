"""JSON that two parsers could read differently, or that could exhaust one, is refused."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.strict_json import MAX_DEPTH, MAX_DIGITS, MAX_MEMBERS, MalformedJson, loads

REFUSED = {
    "nothing": b"",
    "only spaces": b" \n\t",
    "no JSON": b"name=value",
    "two values": b"{} {}",
    "a trailing comma": b'{"a": 1,}',
    "a comment": b'{"a": 1} // note',
    "single quotes": b"{'a': 1}",
    "a bare name": b"{a: 1}",
    "a key twice": b'{"a": 1, "a": 1}',
    "a key twice, once escaped": b'{"a": 1, "\\u0061": 2}',
    "a key twice further in": b'{"a": [{"b": 1, "c": 2, "b": 3}]}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": Infinity}',
    "minus Infinity": b'{"a": -Infinity}',
    "a float beyond all floats": b'{"a": 1e999}',
    "a float below all floats": b'{"a": -1e999}',
    "an integer of too many digits": b"[" + b"1" * (MAX_DIGITS + 1) + b"]",
    "an integer of very many digits": b"[" + b"1" * 100_000 + b"]",
    "a float of too many digits": b"[0." + b"1" * MAX_DIGITS + b"]",
    "a hexadecimal number": b"[0x10]",
    "a leading zero": b"[010]",
    "half a character": b'{"a": "\\ud800"}',
    "half a character, upper case": b'{"a": "\\uDC00"}',
    "half a character as a key": b'{"\\udfff": 1}',
    "a pair in the wrong order": b'{"a": "\\udc00\\ud800"}',
    "encoded half a character": b'{"a": "\xed\xa0\x80"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "UTF-16 without a mark": "{}".encode("utf-16-le"),
    "UTF-32": "{}".encode("utf-32-be"),
    "Latin-1": '{"a": "é"}'.encode("latin-1"),
    "overlong UTF-8": b'{"a": "\xc0\xaf"}',
    "a raw line break in a string": b'{"a": "b\nc"}',
    "a raw NUL in a string": b'{"a": "\x00"}',
    "arrays too deep": b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
    "objects too deep": b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
    "both too deep": b'[{"a":' * 11 + b"1" + b"}]" * 11,
    "arrays deep enough to exhaust a stack": b"[" * 2_000 + b"]" * 2_000,
    "open arrays only": b"[" * 500_000,
    "depth behind a string with brackets": b'["]]]]", ' + b"[" * 20 + b"]" * 21,
    "too many members": json.dumps({str(n): n for n in range(MAX_MEMBERS + 1)}).encode(),
}
TAKEN = {
    "an empty object": b"{}",
    "spaces around": b" \n{} ",
    "as deep as allowed": b"[" * MAX_DEPTH + b"]" * MAX_DEPTH,
    "brackets in a string": json.dumps({"a": "[{" * 1_000}).encode(),
    "brackets behind an escaped quote": b'{"a": "\\"' + b"[" * 50 + b'"}',
    "brackets behind an escaped backslash": b'["\\\\", "' + b"[" * 50 + b'"]',
    "many flat brackets": b"[" + b",".join([b"[]"] * 5_000) + b"]",
    "a whole pair": b'{"a": "\\ud83c\\udfe1"}',
    "the text of an escape": b'{"a": "\\\\ud800"}',
    "an escaped NUL": b'{"a": "\\u0000"}',
    "as many digits as allowed": b"[" + b"1" * MAX_DIGITS + b"]",
    "a small float": b"[1e-999]",
    "as many members as allowed": json.dumps({str(n): n for n in range(MAX_MEMBERS)}).encode(),
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_parsers_disagree_about_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedJson):
        loads(text)


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_what_is_plain_json_is_taken(text: bytes) -> None:
    assert loads(text) == json.loads(text)


@pytest.mark.parametrize("text", [b"3.0", b"3e0", b"-0.0", b"0.03e2"])
def test_a_whole_number_is_one_in_every_spelling(text: bytes) -> None:
    assert isinstance(loads(text), int)
    assert loads(text) == json.loads(text)


@pytest.mark.parametrize("text", [b"3.5", b"1e-9", b"9007199254740993.0", b"1e300"])
def test_what_is_not_whole_or_not_exact_is_no_whole_number(text: bytes) -> None:
    assert isinstance(loads(text), float)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_by_our_own_error_or_read(text: bytes) -> None:
    try:
        loads(text)
    except MalformedJson:
        return


_fragments = st.sampled_from(['"', "\\", "\\u", "d800", "dc00", *"[]{}:,1-.", "e9", "true", "é"])


@given(st.lists(_fragments, max_size=60).map("".join))
def test_any_pieces_of_json_are_refused_by_our_own_error_or_read(text: str) -> None:
    try:
        loads(text.encode())
    except MalformedJson:
        return


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_values)
def test_what_is_taken_means_what_it_means_elsewhere(value: object) -> None:
    text = json.dumps(value).encode()
    try:
        assert loads(text) == value
    except MalformedJson:
        assert text.count(b"[") + text.count(b"{") > MAX_DEPTH or b"\\ud" in text


def test_the_refusal_does_not_repeat_the_text() -> None:
    with pytest.raises(MalformedJson) as refused:
        loads(b'{"national_id": "123-45-6789", "national_id": "123-45-6789"}')

    assert "6789" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 21 + b'"' + b'\\"' * 30_000,
        b"[" * 21 + b'"' * 60_001,
        b"[" * 21 + b"\\" * 60_001,
        b'{"a":' * 21 + b'"' + b"\\\\" * 30_000,
    ],
    ids=["escaped quotes", "quotes", "backslashes", "escaped backslashes"],
)
def test_a_string_without_an_end_costs_no_more_than_reading_it(text: bytes) -> None:
    started = time.process_time()
    with pytest.raises(MalformedJson):
        loads(text)
    assert time.process_time() - started < 1
