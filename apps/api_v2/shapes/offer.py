"""An offer as v2 takes and shows it."""

from decimal import Decimal
from typing import Any, Literal

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from apps.buyers.masking import masked_name
from apps.buyers.models import BuyerProfile
from apps.core.data_classes import DataClass, Output, classified
from apps.core.inputs import Body
from apps.core.money import Money, money
from apps.core.text import prose
from apps.offers.models import Offer

from .page import PageQuery
from .values import Id, Moment, moment


class NewOffer(Body):
    """What a buyer bids."""

    listing: Id
    amount: Money
    message: prose(2000, "We can close within thirty days.") = ""

    @field_validator("amount")
    @classmethod
    def _positive(cls, amount: Money) -> Money:
        if amount.amount <= Decimal(0):
            raise PydanticCustomError("own_too_small", "An offer is above zero")
        return amount


class OfferQuery(PageQuery):
    """Newest first."""


class BuyerSummary(Output):
    """As much of a buyer as an agency sees: the name masked, absent without a profile."""

    id: Id = classified(DataClass.INTERNAL)
    legal_name: str = classified(DataClass.PERSONAL, default="", max_length=400)


class BuyerRevealed(Output):
    """The buyer in clear, as far as an agency needs it to close."""

    id: Id = classified(DataClass.INTERNAL)
    legal_name: str = classified(DataClass.PERSONAL, default="", max_length=120)
    phone: str = classified(DataClass.PERSONAL, default="", max_length=16)


class OfferShown(Output):
    """An offer."""

    id: Id = classified(DataClass.INTERNAL)
    listing: Id = classified(DataClass.INTERNAL)
    buyer: BuyerSummary = classified(DataClass.PERSONAL)
    amount: Money = classified(DataClass.INTERNAL)
    message: str = classified(DataClass.PERSONAL, max_length=2000)
    status: Literal["submitted", "accepted", "rejected", "withdrawn"] = classified(
        DataClass.INTERNAL
    )
    created_at: Moment = classified(DataClass.INTERNAL)
    decided_at: Moment | None = classified(DataClass.INTERNAL)


class OfferRevealed(OfferShown):
    """An offer with its buyer in clear."""

    buyer: BuyerRevealed = classified(DataClass.PERSONAL)


def shown(offer: Offer) -> dict[str, Any]:
    """The offer with its buyer masked. Needs `offer.buyer.buyer_profile` selected."""
    buyer = {"id": str(offer.buyer_id)}
    profile = _profile(offer)
    if profile is not None:
        buyer["legal_name"] = masked_name(profile.legal_name)
    return _with_buyer(offer, buyer)


def revealed(offer: Offer) -> dict[str, Any]:
    """In clear: only after `lifecycle.reveal` has recorded it."""
    buyer = {"id": str(offer.buyer_id)}
    profile = _profile(offer)
    if profile is not None:
        buyer |= {"legal_name": profile.legal_name, "phone": profile.phone}
    return _with_buyer(offer, buyer)


def _profile(offer: Offer) -> BuyerProfile | None:
    return getattr(offer.buyer, "buyer_profile", None)


def _with_buyer(offer: Offer, buyer: dict[str, str]) -> dict[str, Any]:
    return {
        "id": str(offer.id),
        "listing": str(offer.listing_id),
        "buyer": buyer,
        "amount": money(offer.amount),
        "message": offer.message,
        "status": offer.status,
        "created_at": moment(offer.created_at),
        "decided_at": moment(offer.decided_at),
    }
