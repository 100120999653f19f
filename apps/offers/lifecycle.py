"""What can be done with an offer.

The listing's row is locked first, always: one order, no deadlock.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from apps.access.credential import Credential
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.core.problems import Code, FieldError, Problem, invalid
from apps.listings.models import Listing
from apps.listings.models import Status as ListingStatus
from apps.ratelimits import sliding
from apps.ratelimits.headers import limit_headers
from apps.ratelimits.policies import POLICIES, Policy, PolicyName

from .models import Offer, Status

#: A person reads offers; a machine that sends more is not one buyer looking for one home (API6).
PER_DAY = POLICIES[PolicyName.OFFERS]
#: Offering and withdrawing in turns is no bargaining.
PER_LISTING = POLICIES[PolicyName.LISTING_OFFERS]
_WINDOW = timedelta(seconds=PER_DAY.window)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def submit(by: Credential, listing_id: UUID, amount: Decimal, message: str) -> Offer:
    """A new offer on a published listing.

    Raises 400 for a listing that is not visible, 429 after `PER_DAY` offers within the last 24
    hours or `PER_LISTING` on this listing, 409 for one that is not on sale and for a buyer whose
    earlier offer on it is still open.
    """
    with transaction.atomic():
        listing = (
            Listing.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=listing_id)
        ).first()
        if listing is None:
            raise invalid(FieldError("/listing", "not_found", "There is no such listing."))
        now = datetime.now(UTC)
        earlier = _earlier(by, listing_id, now)
        _refuse_flood(earlier, listing_id, now)
        if listing.status != ListingStatus.PUBLISHED:
            raise Problem(Code.CONFLICT, f"The listing is {listing.status}.")
        if (listing_id, Status.SUBMITTED) in [(one.listing_id, one.status) for one in earlier]:
            raise Problem(Code.CONFLICT, "Your earlier offer on it is open: withdraw that first.")
        offer = Offer.objects.create(
            listing=listing, buyer_id=by.user_id, amount=amount, message=message
        )
        record(Verb.OFFER_SUBMITTED, by, offer, changes={"listing": str(listing.pk)})
    return offer


def accept(by: Credential, offer: Offer) -> Offer:
    """Accept one offer: the listing is sold and its other open offers are rejected.

    Raises 409 where the offer is no longer open or the listing no longer on sale. Of any number
    of simultaneous calls exactly one succeeds.
    """
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=offer.listing_id)
        offer = _open(offer)
        if listing.status != ListingStatus.PUBLISHED:
            raise Problem(Code.CONFLICT, f"The listing is {listing.status}.")
        others = listing.offers.filter(status=Status.SUBMITTED).exclude(pk=offer.pk)
        for other in others.select_for_update():
            _decide(by, other, Status.REJECTED, Verb.OFFER_REJECTED, "another was accepted")
        _decide(by, offer, Status.ACCEPTED, Verb.OFFER_ACCEPTED)
        listing.status = ListingStatus.SOLD
        listing.version += 1
        listing.save(update_fields=["status", "version", "updated_at"])
        record(Verb.LISTING_SOLD, by, listing)
    return offer


def reject(by: Credential, offer: Offer) -> Offer:
    """Turn an open offer down."""
    return _end(by, offer, Status.REJECTED, Verb.OFFER_REJECTED)


def withdraw(by: Credential, offer: Offer) -> Offer:
    """Take an open offer back."""
    return _end(by, offer, Status.WITHDRAWN, Verb.OFFER_WITHDRAWN)


def reveal(by: Credential, offer: Offer, reason: str) -> Offer:
    """Show who the buyer is, recorded before it leaves."""
    record(Verb.OFFER_REVEALED, by, offer, reason=reason)
    return offer


def _end(by: Credential, offer: Offer, status: Status, verb: Verb) -> Offer:
    with transaction.atomic():
        Listing.objects.select_for_update().get(pk=offer.listing_id)
        return _decide(by, _open(offer), status, verb)


def _open(offer: Offer) -> Offer:
    current = Offer.objects.select_for_update().get(pk=offer.pk)
    if current.status != Status.SUBMITTED:
        raise Problem(Code.CONFLICT, f"The offer is {current.status}.")
    return current


def _decide(by: Credential, offer: Offer, status: Status, verb: Verb, reason: str = "") -> Offer:
    offer.status = status
    offer.decided_at = datetime.now(UTC)
    offer.save(update_fields=["status", "decided_at"])
    record(verb, by, offer, reason=reason)
    return offer


def _earlier(by: Credential, listing_id: UUID, now: datetime) -> list[Offer]:
    """The buyer's latest offers, as many as a limit can count, and an open one on this listing."""
    # Counted from the rows themselves, in their transaction: an offer that was undone does not
    # count, and one that was made does, whatever becomes of Redis. Under a lock on the buyer, so
    # that two requests cannot both be the twentieth.
    buyer = get_user_model().objects.select_for_update().get(pk=by.user_id)
    if not buyer.is_active:
        # Erased or switched off since this request came in: no offer is left behind.
        raise Problem(Code.NOT_PERMITTED)
    recent = Q(created_at__gt=now - _WINDOW)
    # Where the slice leaves an older one out, the limit refuses before it is looked for.
    offers = Offer.objects.filter(recent | Q(listing=listing_id, status=Status.SUBMITTED))
    latest = offers.filter(buyer=by.user_id).order_by("-created_at")
    return list(latest.only("listing_id", "status", "created_at")[: PER_DAY.quota])


def _refuse_flood(earlier: list[Offer], listing_id: UUID, now: datetime) -> None:
    here = [one for one in earlier if one.listing_id == listing_id]
    _refuse_beyond(PER_DAY, earlier, now, "offers within 24 hours")
    _refuse_beyond(PER_LISTING, here, now, "offers on one listing within 24 hours")


def _refuse_beyond(policy: Policy, made: list[Offer], now: datetime, what: str) -> None:
    moments = [_microseconds(one.created_at) for one in made]
    decision = sliding.decide(moments, _microseconds(now), policy)
    if not decision.allowed:
        raise Problem(
            Code.RATE_LIMITED, f"At most {policy.quota} {what}.", headers=limit_headers([decision])
        )


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
