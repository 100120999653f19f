"""An offer as v1 takes and shows it: amounts in whole dollars."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from apps.buyers.masking import masked_name
from apps.buyers.models import BuyerProfile
from apps.core.data_classes import DataClass, Output, classified, stored
from apps.core.inputs import Body
from apps.core.values import Id, Moment, moment
from apps.offers.inputs import Message, OfferStatus
from apps.offers.models import Offer

Dollars = Annotated[int, Field(ge=1, le=999_999_999, examples=[410000])]


class NewOffer(Body):
    """What a buyer bids."""

    listing: Id
    amount: Dollars
    message: Message = ""

    def exact_amount(self) -> Decimal:
        """As the domain takes it."""
        return Decimal(self.amount)


class BuyerSummary(Output):
    """As much of a buyer as an agency sees: the name masked, absent without a profile."""

    shows = BuyerProfile

    id: Id = stored("user")
    legal_name: str = stored(default="", max_length=400, examples=["A• M• O•"])


class OfferShown(Output):
    """An offer."""

    shows = Offer

    id: Id = stored()
    listing: Id = stored()
    buyer: BuyerSummary = classified(DataClass.PERSONAL)
    amount: Dollars = stored()
    message: Message = stored()
    status: OfferStatus = stored()
    created_at: Moment = stored()
    decided_at: Moment | None = stored(examples=[None])


def shown(offer: Offer) -> dict[str, Any]:
    """The offer with its buyer masked. Needs `offer.buyer.buyer_profile` selected."""
    buyer = {"id": str(offer.buyer_id)}
    profile = offer.buyer_profile
    if profile is not None:
        buyer["legal_name"] = masked_name(profile.legal_name)
    return {
        "id": str(offer.id),
        "listing": str(offer.listing_id),
        "buyer": buyer,
        "amount": int(offer.amount),
        "message": offer.message or "",
        "status": offer.status,
        "created_at": moment(offer.created_at),
        "decided_at": moment(offer.decided_at),
    }
