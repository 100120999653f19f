"""A buyer profile as v2 takes and shows it: masked, unless it is revealed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from apps.buyers.masking import is_masked, masked_amount, masked_date, masked_name, masked_tail
from apps.buyers.models import BuyerProfile
from apps.core.data_classes import DataClass, Output, classified
from apps.core.inputs import Body
from apps.core.money import Money, money
from apps.core.problems import Code, FieldError, Problem
from apps.core.text import line

from .values import Moment, moment

_OLDEST = 130
_ADULT = 18


def _birth(value: object) -> date:
    try:
        born = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        born = None
    if born is None:
        raise PydanticCustomError("own_wrong_format", "It is a date, YYYY-MM-DD")
    today = datetime.now(UTC).date()
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not _ADULT <= age <= _OLDEST:
        raise PydanticCustomError("own_out_of_range", "A buyer is 18 to 130 years old")
    return born


Phone = Annotated[str, Field(pattern=r"^\+[1-9]\d{6,14}$", examples=["+15055550123"])]
NationalId = Annotated[
    str,
    Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z -]{2,30}[0-9A-Za-z]$", examples=["123-45-6789"]),
]
DateOfBirth = Annotated[
    date,
    PlainValidator(_birth),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["1984-02-29"]}),
]
LegalName = line(120, "Ana María O'Neil")
Reason = Annotated[line(200, "Copy for my mortgage adviser"), AfterValidator(str)]


class _Unmasked(Body):
    @classmethod
    def read(cls, value: Any, read_only: frozenset[str] = frozenset()) -> Self:
        """Refuses a value that was masked for the caller before it is taken for a real one."""
        if isinstance(value, dict):
            masked = [name for name in cls.model_fields if is_masked(value.get(name))]
            if masked:
                raise Problem(
                    Code.MASKED_VALUE,
                    errors=[
                        FieldError(f"/{name}", "masked_value", "Send the real value.")
                        for name in masked
                    ],
                )
        return super().read(value, read_only)


class NewBuyerProfile(_Unmasked):
    """The whole profile."""

    legal_name: LegalName
    phone: Phone
    national_id: NationalId
    date_of_birth: DateOfBirth
    annual_income: Money

    def fields(self) -> dict[str, Any]:
        """As the domain takes it."""
        return _in_domain_terms({name: getattr(self, name) for name in type(self).model_fields})


class BuyerProfileChanges(_Unmasked):
    """Fields to change; those left out stay."""

    legal_name: LegalName = ""
    phone: Phone = ""
    national_id: NationalId = ""
    date_of_birth: DateOfBirth = None
    annual_income: Money = None

    def fields(self) -> dict[str, Any]:
        """As the domain takes it: only what was sent."""
        return _in_domain_terms(self.given())


class RevealRequest(Body):
    """Why the values are needed in clear; it goes into the audit log."""

    reason: Reason


class BuyerProfileShown(Output):
    """The own profile, masked."""

    legal_name: str = classified(DataClass.PERSONAL, max_length=400)
    phone: str = classified(DataClass.PERSONAL, max_length=16)
    national_id: str = classified(DataClass.PERSONAL, max_length=32)
    date_of_birth: str = classified(DataClass.PERSONAL, max_length=10)
    annual_income: str = classified(DataClass.PERSONAL, max_length=12)
    created_at: Moment = classified(DataClass.INTERNAL)
    updated_at: Moment = classified(DataClass.INTERNAL)


class BuyerProfileRevealed(Output):
    """The own profile in clear."""

    legal_name: str = classified(DataClass.PERSONAL, max_length=120)
    phone: str = classified(DataClass.PERSONAL, max_length=16)
    national_id: str = classified(DataClass.PERSONAL, max_length=32)
    date_of_birth: str = classified(DataClass.PERSONAL, max_length=10)
    annual_income: Money = classified(DataClass.PERSONAL)
    created_at: Moment = classified(DataClass.INTERNAL)
    updated_at: Moment = classified(DataClass.INTERNAL)


def shown(profile: BuyerProfile) -> dict[str, Any]:
    """Masked."""
    return {
        "legal_name": masked_name(profile.legal_name),
        "phone": masked_tail(profile.phone),
        "national_id": masked_tail(profile.national_id),
        "date_of_birth": masked_date(profile.date_of_birth),
        "annual_income": masked_amount(profile.annual_income),
        **_times(profile),
    }


def revealed(profile: BuyerProfile) -> dict[str, Any]:
    """In clear: only after `lifecycle.reveal` has recorded it."""
    return {
        "legal_name": profile.legal_name,
        "phone": profile.phone,
        "national_id": profile.national_id,
        "date_of_birth": profile.date_of_birth.isoformat(),
        "annual_income": money(profile.annual_income),
        **_times(profile),
    }


def _times(profile: BuyerProfile) -> dict[str, str | None]:
    return {
        "created_at": moment(profile.created_at),
        "updated_at": moment(profile.updated_at),
    }


def _in_domain_terms(fields: dict[str, Any]) -> dict[str, Decimal | Any]:
    return {n: v.amount if isinstance(v, Money) else v for n, v in fields.items()}
