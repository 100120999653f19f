"""The text of a key: a scanner finds it, a typing error is caught before any query."""

import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.apikeys.key_format import ALPHABET, MalformedKey, checksum, generate, parse

modes = st.sampled_from(["live", "test"])
body_texts = st.text(ALPHABET, min_size=12, max_size=12)
secrets = st.text(ALPHABET, min_size=32, max_size=32)


@st.composite
def keys(draw: st.DrawFn) -> str:
    """Any well-formed key."""
    body = f"gh_{draw(modes)}_{draw(body_texts)}_{draw(secrets)}"
    return body + checksum(body)


def is_good(text: str) -> bool:
    try:
        return parse(text) is not None
    except MalformedKey:
        return False


@given(keys())
def test_a_key_is_read_back_whole(text: str) -> None:
    key = parse(text)

    assert (key.mode, key.public_id, key.text) == (text[3:7], text[8:20], text)


@pytest.mark.parametrize("mode", ["live", "test"])
def test_a_fresh_key_has_the_shape_of_the_contract(mode: str) -> None:
    key = generate(mode)

    assert re.fullmatch(r"gh_(live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}", key.text)
    assert parse(key.text) == key


def test_the_checksum_is_the_crc_of_all_before_it_in_base_62() -> None:
    """A vector, so that another program can check keys offline."""
    body = "gh_test_0123456789Ab_" + "x" * 32
    number = 0
    for character in checksum(body):
        number = number * 62 + ALPHABET.index(character)

    assert number == zlib.crc32(body.encode())
    assert checksum("gh_live_000000000000_" + "0" * 32) == "3xXZUZ"


@given(keys(), st.data())
def test_a_changed_character_is_caught(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(ALPHABET + "_").filter(lambda c: c != text[at]))

    assert not is_good(text[:at] + other + text[at + 1 :])


@given(keys(), st.data())
def test_two_characters_that_changed_places_are_caught(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 2))
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]

    assert swapped == text or not is_good(swapped)


@given(keys(), st.data())
def test_a_lost_or_doubled_character_is_caught(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))

    assert not is_good(text[:at] + text[at + 1 :])
    assert not is_good(text[:at] + text[at] + text[at:])


@given(keys(), st.sampled_from(["\n", " ", "\x00", "=", "é", "٣"]))
def test_nothing_may_stand_before_or_behind_it(text: str, more: str) -> None:
    assert not is_good(text + more)
    assert not is_good(more + text)


@given(st.text(max_size=80).filter(lambda text: not text.startswith("gh_")))
def test_what_is_no_key_of_ours_is_left_to_others(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=80))
def test_what_begins_like_one_and_is_none_is_an_error(rest: str) -> None:
    if not is_good(f"gh_{rest}"):
        with pytest.raises(MalformedKey):
            parse(f"gh_{rest}")


@given(keys())
def test_a_key_shows_no_secret_in_its_repr(text: str) -> None:
    assert text[21:] not in repr(parse(text))
    assert text[8:20] in repr(parse(text))


def test_no_two_keys_share_an_id_or_a_secret() -> None:
    made = [generate("test") for _ in range(300)]

    assert len({key.public_id for key in made}) == len({key.text[21:] for key in made}) == 300


def test_every_character_of_the_alphabet_is_used() -> None:
    used = set("".join(generate("test").text[21:53] for _ in range(300)))

    assert used == set(ALPHABET)
    assert len(ALPHABET) == 62
