"""What is stored of a key cannot be turned into a key."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from apps.apikeys.digest import digest, matches

ONE, TWO = bytes(range(32)), bytes(range(32, 64))
TEXT = "gh_test_0123456789Ab_" + "x" * 38


def test_the_digest_is_keyed_and_bound_to_this_purpose() -> None:
    made = digest(ONE, TEXT)

    assert len(made) == 32
    assert made not in (digest(TWO, TEXT), hashlib.sha256(TEXT.encode()).digest())
    assert made != digest(ONE, TEXT + "y")


def test_a_key_matches_under_the_pepper_that_it_was_made_with() -> None:
    peppers = {1: ONE, 2: TWO}

    assert matches(peppers, 1, TEXT, digest(ONE, TEXT))
    assert matches(peppers, 2, TEXT, digest(TWO, TEXT))
    assert not matches(peppers, 2, TEXT, digest(ONE, TEXT))


def test_a_key_of_a_retired_pepper_matches_nothing() -> None:
    assert not matches({2: TWO}, 1, TEXT, digest(ONE, TEXT))
    assert not matches({}, 1, TEXT, b"")


@given(st.text(max_size=60), st.binary(max_size=40))
def test_no_other_text_and_no_other_digest_match(text: str, stored: bytes) -> None:
    assert not matches({1: ONE}, 1, text + "x", digest(ONE, text))
    assert matches({1: ONE}, 1, text, stored) == (stored == digest(ONE, text))
