"""A buyer profile as v2 takes and shows it: masked, unless it is revealed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator

from apps.buyers.inputs import DateOfBirth, LegalName, NationalId, Phone, Unmasked
from apps.buyers.masking import masked_amount, masked_date, masked_name, masked_tail
from apps.buyers.models import BuyerProfile
from apps.core.data_classes import Output, stored
from apps.core.inputs import Body
from apps.core.money import Money, money
from apps.core.text import line
from apps.core.values import Moment, moment

Reason = Annotated[line(200, "Copy for my mortgage adviser"), AfterValidator(str)]


class NewBuyerProfile(Unmasked):
    """The whole profile."""

    legal_name: LegalName
    phone: Phone
    national_id: NationalId
    date_of_birth: DateOfBirth
    annual_income: Money

    def fields(self) -> dict[str, Any]:
        """As the domain takes it."""
        return _in_domain_terms({name: getattr(self, name) for name in type(self).model_fields})


class BuyerProfileChanges(Unmasked):
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

    shows = BuyerProfile

    legal_name: str = stored(max_length=400, examples=["A• M• O•"])
    phone: str = stored(max_length=16, examples=["••••0123"])
    national_id: str | None = stored(max_length=32, examples=["••••789"])
    date_of_birth: str | None = stored(max_length=10, examples=["••••-••-••"])
    annual_income: str | None = stored(max_length=12, examples=["••••••"])
    created_at: Moment = stored()
    updated_at: Moment = stored()


class BuyerProfileRevealed(Output):
    """The own profile in clear."""

    shows = BuyerProfile

    legal_name: LegalName = stored()
    phone: Phone = stored()
    national_id: NationalId | None = stored()
    date_of_birth: DateOfBirth | None = stored()
    annual_income: Money | None = stored()
    created_at: Moment = stored()
    updated_at: Moment = stored()


def shown(profile: BuyerProfile) -> dict[str, Any]:
    """Masked."""
    return {
        "legal_name": masked_name(profile.legal_name),
        "phone": masked_tail(profile.phone),
        "national_id": _known(masked_tail, profile.national_id),
        "date_of_birth": _known(masked_date, profile.date_of_birth),
        "annual_income": _known(masked_amount, profile.annual_income),
        **_times(profile),
    }


def revealed(profile: BuyerProfile) -> dict[str, Any]:
    """In clear: only after `lifecycle.reveal` has recorded it."""
    return {
        "legal_name": profile.legal_name,
        "phone": profile.phone,
        "national_id": profile.national_id,
        "date_of_birth": _known(date.isoformat, profile.date_of_birth),
        "annual_income": _known(money, profile.annual_income),
        **_times(profile),
    }


def _known(show: Callable[[Any], Any], value: Any) -> Any:
    """Null where the profile was made in v1, which does not ask for it."""
    return None if value is None else show(value)


def _times(profile: BuyerProfile) -> dict[str, str | None]:
    return {
        "created_at": moment(profile.created_at),
        "updated_at": moment(profile.updated_at),
    }


def _in_domain_terms(fields: dict[str, Any]) -> dict[str, Decimal | Any]:
    return {n: v.amount if isinstance(v, Money) else v for n, v in fields.items()}
