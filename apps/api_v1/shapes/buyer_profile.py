"""A buyer profile as v1 takes and shows it: name and phone, and masked like in v2.

`national_id`, `date_of_birth` and `annual_income` never existed here and never will: an old
version must not become the way around the new one.
"""

from typing import Any

from apps.buyers.inputs import LegalName, Phone, Unmasked
from apps.buyers.masking import masked_name, masked_tail
from apps.buyers.models import BuyerProfile
from apps.core.data_classes import Output, stored
from apps.core.values import Moment, moment


class NewBuyerProfile(Unmasked):
    """The profile as far as v1 knows it."""

    legal_name: LegalName
    phone: Phone


class BuyerProfileChanges(Unmasked):
    """Fields to change; those left out stay."""

    legal_name: LegalName = ""
    phone: Phone = ""


class BuyerProfileShown(Output):
    """The own profile, masked."""

    shows = BuyerProfile

    legal_name: str = stored(max_length=400, examples=["A• M• O•"])
    phone: str = stored(max_length=16, examples=["••••0123"])
    created_at: Moment = stored()
    updated_at: Moment = stored()


def shown(profile: BuyerProfile) -> dict[str, Any]:
    """Masked."""
    return {
        "legal_name": masked_name(profile.legal_name),
        "phone": masked_tail(profile.phone),
        "created_at": moment(profile.created_at),
        "updated_at": moment(profile.updated_at),
    }
