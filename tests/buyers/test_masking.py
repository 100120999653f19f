"""Masked values: enough to recognise one's own, useless to anyone else."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.buyers.masking import (
    DOT,
    is_masked,
    masked_amount,
    masked_date,
    masked_name,
    masked_tail,
)


@pytest.mark.parametrize(
    ("name", "masked"),
    [("Ana María O'Neil", "A• M• O•"), ("李伟", "李•"), ("x", "x•"), ("Ng  Wei", "N• W•")],
)
def test_a_name_shows_initials_and_not_its_length(name: str, masked: str) -> None:
    assert masked_name(name) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("+15055550123", "••••0123"),
        ("123-45-6789", "••••789"),
        ("+1505555", "••••55"),
        ("123456", "••••56"),
        ("1234", "••••4"),
        ("12", "••••"),
        ("", "••••"),
    ],
)
def test_a_number_shows_at_most_a_third_and_at_most_four(text: str, masked: str) -> None:
    assert masked_tail(text) == masked


def test_a_date_and_an_amount_show_that_they_are_there() -> None:
    assert masked_date(date(1984, 2, 29)) == masked_date(date(2001, 1, 1)) == "••••-••-••"
    assert masked_amount(Decimal("1.00")) == masked_amount(Decimal("999999.99")) == "••••••"


@given(st.text(min_size=1, max_size=40))
def test_every_masked_value_is_known_as_masked(text: str) -> None:
    assert is_masked(masked_tail(text))
    if text.strip():
        assert is_masked(masked_name(text))


@given(st.text(st.characters(categories=["L", "N"]), min_size=3, max_size=40))
def test_most_of_a_number_stays_hidden(text: str) -> None:
    assert len(masked_tail(text).strip(DOT)) * 3 <= len(text)


def test_a_masked_value_is_found_inside_an_object() -> None:
    assert is_masked({"amount": "••••••", "currency": "USD"})
    assert is_masked({"a": {"b": "x•"}})


@pytest.mark.parametrize("value", ["Ana", "", None, 1, [], {}, {"amount": "1"}])
def test_a_plain_value_is_not_masked(value: object) -> None:
    assert not is_masked(value)
