"""Amounts are exact decimals in one form."""

from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from apps.core.money import Money, QueryPrice, money

PRICE = TypeAdapter(QueryPrice)


@pytest.mark.parametrize("text", ["0", "1", "1.5", "425000.00", "999999999", "999999999.99", "007"])
def test_an_amount_is_taken_exactly(text: str) -> None:
    taken = Money.model_validate({"amount": text, "currency": "USD"})

    assert taken.amount == Decimal(text)


NO_AMOUNTS = ["", " 1", "1 ", "1\n", "-1", "+1", "1.", ".5", "1.234", "1e3", "1,000", "1_000"]
NO_AMOUNTS += ["1234567890", "NaN", "Infinity", "٣", "１", "0x1", "1.2.3", "\x001"]


@pytest.mark.parametrize("text", NO_AMOUNTS, ids=ascii)
def test_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": text, "currency": "USD"})
    with pytest.raises(ValidationError):
        PRICE.validate_python(text)


@pytest.mark.parametrize("amount", [1, 1.5, True, None, [], {}, Decimal(1)], ids=repr)
def test_an_amount_is_a_string(amount: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": amount, "currency": "USD"})


@pytest.mark.parametrize("currency", ["usd", "EUR", "", None, 1])
def test_the_currency_is_the_one_of_the_house(currency: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": "1", "currency": currency})


def test_a_query_price_ends_at_a_hundred_million() -> None:
    assert PRICE.validate_python("100000000") == Decimal(100_000_000)
    with pytest.raises(ValidationError):
        PRICE.validate_python("100000000.01")


def test_amounts_are_shown_with_two_decimals() -> None:
    assert money(Decimal("425000")) == {"amount": "425000.00", "currency": "USD"}
    assert money(Decimal("0.5")) == {"amount": "0.50", "currency": "USD"}
