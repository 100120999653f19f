"""What happens to a buyer's offers when the buyer is erased (settings.ERASERS)."""

from uuid import UUID

from apps.audit.recording import Actor
from apps.core.problems import Problem

from .lifecycle import withdraw
from .models import Offer, Status


def withdraw_open(by: Actor, user_id: UUID) -> None:
    """Take the open ones back. All stay in the agencies' books, without message or name."""
    open_offers = Offer.objects.filter(buyer_id=user_id, status=Status.SUBMITTED)
    for offer in open_offers.order_by("listing_id"):
        try:
            withdraw(by, offer)
        except Problem:
            continue  # decided in this very moment: it is open no more
