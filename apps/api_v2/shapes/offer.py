"""An offer as v2 takes and shows it."""

from decimal import Decimal
from typing import Any

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from apps.buyers.inputs import LegalName, Phone
from apps.buyers.masking import masked_name
from apps.buyers.models import BuyerProfile
from apps.core.data_classes import DataClass, Output, classified, stored
from apps.core.inputs import Body
from apps.core.money import Money, money
from apps.core.values import Id, Moment, moment
from apps.offers.inputs import Message, OfferStatus
from apps.offers.models import Offer

from .page import PageQuery


class NewOffer(Body):
    """What a buyer bids."""

    listing: Id
    amount: Money
    message: Message = ""

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

    shows = BuyerProfile

    id: Id = stored("user")
    legal_name: str = stored(default="", max_length=400, examples=["A• M• O•"])


class BuyerRevealed(Output):
    """The buyer in clear, as far as an agency needs it to close."""

    shows = BuyerProfile

    id: Id = stored("user")
    legal_name: LegalName = stored(default="")
    phone: Phone = stored(default="")


class OfferShown(Output):
    """An offer."""

    shows = Offer

    id: Id = stored()
    listing: Id = stored()
    buyer: BuyerSummary = classified(DataClass.PERSONAL)
    amount: Money = stored()
    message: Message = stored()
    status: OfferStatus = stored()
    created_at: Moment = stored()
    decided_at: Moment | None = stored(examples=[None])


class OfferRevealed(OfferShown):
    """An offer with its buyer in clear."""

    shows = Offer

    buyer: BuyerRevealed = classified(DataClass.PERSONAL)


def shown(offer: Offer) -> dict[str, Any]:
    """The offer with its buyer masked. Needs `offer.buyer.buyer_profile` selected."""
    buyer = {"id": str(offer.buyer_id)}
    profile = offer.buyer_profile
    if profile is not None:
        buyer["legal_name"] = masked_name(profile.legal_name)
    return _with_buyer(offer, buyer)


def revealed(offer: Offer) -> dict[str, Any]:
    """In clear: only after `lifecycle.reveal` has recorded it."""
    buyer = {"id": str(offer.buyer_id)}
    profile = offer.buyer_profile
    if profile is not None:
        buyer |= {"legal_name": profile.legal_name, "phone": profile.phone}
    return _with_buyer(offer, buyer)


def _with_buyer(offer: Offer, buyer: dict[str, str]) -> dict[str, Any]:
    return {
        "id": str(offer.id),
        "listing": str(offer.listing_id),
        "buyer": buyer,
        "amount": money(offer.amount),
        "message": offer.message or "",
        "status": offer.status,
        "created_at": moment(offer.created_at),
        "decided_at": moment(offer.decided_at),
    }
