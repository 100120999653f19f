"""Amounts of money: exact decimals, never floats."""

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

AMOUNT = r"\d{1,9}(\.\d{1,2})?"
MAX_QUERY_PRICE = Decimal(100_000_000)
_AMOUNT = re.compile(AMOUNT, re.ASCII)


def _amount(value: object) -> Decimal:
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise PydanticCustomError(
            "own_wrong_format", "An amount is a string of 1 to 9 digits and at most 2 decimals"
        )
    return Decimal(value)


def _query_price(value: object) -> Decimal:
    price = _amount(value)
    if price > MAX_QUERY_PRICE:
        raise PydanticCustomError("own_too_large", "A price is 0 to 100000000")
    return price


_TEXT_SCHEMA = {"type": "string", "pattern": f"^{AMOUNT}$", "maxLength": 12}
#: An amount up to MAX_QUERY_PRICE.
_QUERY_PATTERN = r"^(0?\d{1,8}(\.\d{1,2})?|100000000(\.0{1,2})?)$"

Amount = Annotated[
    Decimal,
    PlainValidator(_amount),
    WithJsonSchema({**_TEXT_SCHEMA, "examples": ["425000.00"]}),
]
#: A price in a query string: a plain number, 0 to 100000000.
QueryPrice = Annotated[
    Decimal,
    PlainValidator(_query_price),
    WithJsonSchema({**_TEXT_SCHEMA, "pattern": _QUERY_PATTERN, "examples": ["500000"]}),
]


class Money(BaseModel):
    """`{"amount": "425000.00", "currency": "USD"}`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    amount: Amount
    currency: Literal["USD"] = Field(examples=["USD"])


def money(amount: Decimal) -> dict[str, str]:
    """An amount as clients read it, always with two decimals."""
    return {"amount": f"{amount:.2f}", "currency": "USD"}
