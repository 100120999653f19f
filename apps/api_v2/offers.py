"""`/api/v2/offers`."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Idempotency, Limit, operation
from apps.access.scopes import Scope
from apps.agencies.roles import AGENCY_STAFF, BUYERS, MANAGERS
from apps.core.answers import created, ok
from apps.core.cursor import cut_from, page
from apps.core.data_classes import DataClass
from apps.core.inputs import NoBody
from apps.offers import lifecycle
from apps.offers.endpoint import OneOffer
from apps.offers.models import Offer

from .shapes.buyer_profile import RevealRequest
from .shapes.offer import NewOffer, OfferQuery, OfferRevealed, OfferShown, revealed, shown
from .shapes.page import PageOf, page_of

_PATH = "/api/v2/offers"
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

    @operation(**_READ, query=OfferQuery, returns=PageOf[OfferShown])
    def get(self, call: Call) -> HttpResponse:
        """List offers

        A buyer sees the own ones, an agency those on its listings with the buyer masked.
        """
        found = page(
            cut_from(Offer.objects.visible_to(call.credential).with_buyer()),
            Offer,
            call.request,
            ordering="-created_at",
            limit=call.query.limit,
            cursor=call.query.cursor,
        )
        return ok(page_of(found, shown))

    @operation(
        **{**_BUYER, "limit": Limit.OFFERS},
        body=NewOffer,
        returns=OfferShown,
        status=201,
        idempotency=Idempotency.DEMANDED,
    )
    def post(self, call: Call) -> HttpResponse:
        """Make an offer

        Idempotency-Key is demanded: a retry after a lost answer must not bid twice. One open offer
        of a buyer on a listing; who wants another withdraws the first.
        """
        body: NewOffer = call.body
        offer = lifecycle.submit(call.credential, body.listing, body.amount.amount, body.message)
        return created(shown(_with_buyer(offer)), f"{_PATH}/{offer.pk}")


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


def _manager(**more: Any) -> Callable:
    return operation(**{**_WRITE, "roles": MANAGERS, "returns": OfferShown, **more})


class OfferAcceptance(OneOffer):
    """Close the deal."""

    @_manager(body=NoBody)
    def post(self, call: Call) -> HttpResponse:
        """Accept an offer

        The listing is sold and its other open offers are rejected, in one transaction. Of
        simultaneous calls exactly one succeeds.
        """
        return _act(call, lifecycle.accept)


class OfferRejection(OneOffer):
    """Turn an offer down."""

    @_manager(body=NoBody)
    def post(self, call: Call) -> HttpResponse:
        """Reject an offer"""
        return _act(call, lifecycle.reject)


class OfferWithdrawal(OneOffer):
    """Take the own offer back."""

    @operation(**_BUYER, body=NoBody, returns=OfferShown)
    def post(self, call: Call) -> HttpResponse:
        """Withdraw an offer"""
        return _act(call, lifecycle.withdraw)


class OfferReveal(OneOffer):
    """The buyer behind an offer, in clear."""

    @operation(
        **{**_READ, "roles": MANAGERS, "limit": Limit.REVEAL},
        cost=5,
        body=RevealRequest,
        returns=OfferRevealed,
    )
    def post(self, call: Call) -> HttpResponse:
        """Show the buyer of an offer in clear

        Managers only; recorded with its reason before the values leave.
        """
        return ok(revealed(lifecycle.reveal(call.credential, call.target, call.body.reason)))
