"""Routes with an offer's id in them, in every version."""

from uuid import UUID

from apps.access.credential import Credential
from apps.access.endpoint import Endpoint
from apps.core.problems import Code, Problem

from .models import Offer


class OneOffer(Endpoint):
    """Finds the offer among those that the caller may see."""

    def find(self, credential: Credential, offer_id: UUID) -> Offer:
        offer = Offer.objects.visible_to(credential).with_buyer().filter(pk=offer_id).first()
        if offer is None:
            raise Problem(Code.NOT_FOUND)
        return offer
