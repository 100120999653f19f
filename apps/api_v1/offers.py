"""`/api/v1/offers`."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Idempotency, Limit, operation
from apps.access.scopes import Scope
from apps.agencies.roles import AGENCY_STAFF, BUYERS, MANAGERS
from apps.core.answers import created, ok
from apps.core.data_classes import DataClass
from apps.core.inputs import NoBody
from apps.offers import lifecycle
from apps.offers.endpoint import OneOffer
from apps.offers.models import Offer

from .shapes.offer import NewOffer, OfferShown, shown
from .shapes.page import PageOf, PageQuery, page_of

_READ = {
    "scope": Scope.READ_OFFERS,
    "roles": AGENCY_STAFF | BUYERS,
    "permits": None,
    "limit": Limit.DEFAULT,
    "exposes": DataClass.PERSONAL,
}
_WRITE = {**_READ, "scope": Scope.WRITE_OFFERS}
_BUYER = {**_WRITE, "roles": BUYERS, "for_people": True}


class OfferCollection(Endpoint):
    """The offers of a buyer, or on an agency's listings."""

    @operation(**_READ, query=PageQuery, returns=PageOf[OfferShown])
    def get(self, call: Call) -> HttpResponse:
        """List offers"""
        rows = Offer.objects.visible_to(call.credential).with_buyer()
        rows = rows.order_by("-created_at", "-id")
        return ok(page_of(rows, call.request, call.query, shown))

    @operation(
        **{**_BUYER, "limit": Limit.OFFERS},
        body=NewOffer,
        returns=OfferShown,
        status=201,
        idempotency=Idempotency.HONOURED,
    )
    def post(self, call: Call) -> HttpResponse:
        """Make an offer

        Idempotency-Key is honoured where it is sent; v2 demands it.
        """
        body: NewOffer = call.body
        offer = lifecycle.submit(call.credential, body.listing, body.exact_amount(), body.message)
        return created(shown(_with_buyer(offer)), f"/api/v1/offers/{offer.pk}")


class OfferItem(OneOffer):
    """One offer."""

    @operation(**_READ, returns=OfferShown)
    def get(self, call: Call) -> HttpResponse:
        """Show an offer"""
        return ok(shown(call.target))


def _with_buyer(offer: Offer) -> Offer:
    return Offer.objects.with_buyer().get(pk=offer.pk)


def _act(call: Call, act: Callable[[Credential, Offer], Offer]) -> HttpResponse:
    return ok(shown(_with_buyer(act(call.credential, call.target))))


def _manager(act: Any) -> Any:
    return operation(**{**_WRITE, "roles": MANAGERS}, body=NoBody, returns=OfferShown)(act)


class OfferAcceptance(OneOffer):
    """Close the deal."""

    @_manager
    def post(self, call: Call) -> HttpResponse:
        """Accept an offer"""
        return _act(call, lifecycle.accept)


class OfferRejection(OneOffer):
    """Turn an offer down."""

    @_manager
    def post(self, call: Call) -> HttpResponse:
        """Reject an offer"""
        return _act(call, lifecycle.reject)


class OfferWithdrawal(OneOffer):
    """Take the own offer back."""

    @operation(**_BUYER, body=NoBody, returns=OfferShown)
    def post(self, call: Call) -> HttpResponse:
        """Withdraw an offer"""
        return _act(call, lifecycle.withdraw)
