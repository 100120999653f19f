"""The demo's offers, in every status.

They go the way of every offer, through apps/offers/lifecycle.py: each has its audit row, and a
sold listing has its accepted offer.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from random import Random

from apps.access.credential import Credential, Kind
from apps.accounts.models import User
from apps.agencies.models import Membership
from apps.agencies.roles import Role
from apps.listings.models import Listing, Status
from apps.offers import lifecycle
from apps.offers.models import Offer

from .prose import MESSAGES

_SEED = 1926
_BIDS = 3
#: How many listings that stay on sale have offers.
_COURTED = 27
#: What becomes of the offers on them. The length shares no factor with the number of buyers, so
#: that in time every buyer meets every ending.
_ENDINGS = ("submitted", "rejected", "submitted", "withdrawn", "submitted")


def bid_all(sold: Sequence[Listing], buyers: Sequence[User]) -> None:
    """Three offers on each listing: the first on a `sold` one is accepted, the others end so."""
    random = Random(_SEED)  # noqa: S311 (a repeatable demo, not a secret)
    managers = _managers()
    bidders, endings = cycle(buyers), cycle(_ENDINGS)
    offers = []
    for listing in sold:
        bids = list(_bids(random, listing, islice(bidders, _BIDS)))
        lifecycle.accept(managers[listing.agency_id], bids[0])
        offers += bids
    for listing in _courted(random, sold):
        for offer in _bids(random, listing, islice(bidders, _BIDS)):
            _end(managers[listing.agency_id], offer, next(endings))
            offers.append(offer)
    _let_time_pass(random, offers)


def _courted(random: Random, sold: Sequence[Listing]) -> list[Listing]:
    agencies = {listing.agency_id for listing in sold}
    on_sale = Listing.objects.filter(agency__in=agencies, status=Status.PUBLISHED)
    # Not by id: the same listings every time.
    return random.sample(list(on_sale.order_by("created_at", "title", "price")), _COURTED)


def _bids(random: Random, listing: Listing, buyers: Iterator[User]) -> Iterator[Offer]:
    for buyer in buyers:
        amount = int(float(listing.price) * random.uniform(0.93, 1.03)) // 500 * 500
        message = random.choice(MESSAGES)
        yield lifecycle.submit(_acting(buyer), listing.pk, Decimal(amount), message)


def _end(manager: Credential, offer: Offer, ending: str) -> None:
    if ending == "rejected":
        lifecycle.reject(manager, offer)
    elif ending == "withdrawn":
        lifecycle.withdraw(_acting(offer.buyer), offer)


def _managers() -> dict[object, Credential]:
    memberships = Membership.objects.filter(role=Role.MANAGER).select_related("user")
    return {one.agency_id: _acting(one.user, one) for one in memberships}


def _acting(user: User, membership: Membership | None = None) -> Credential:
    return Credential(
        kind=Kind.COMMAND,
        user_id=user.pk,
        agency_id=membership.agency_id if membership else None,
        role=Role(membership.role) if membership else Role.BUYER,
    )


def _let_time_pass(random: Random, offers: Sequence[Offer]) -> None:
    """Spread them over the last weeks, so that nobody's daily number of offers is used up."""
    for offer in offers:
        created = datetime.now(UTC) - timedelta(days=random.randint(8, 45))
        rows = Offer.objects.filter(pk=offer.pk)
        rows.update(created_at=created)
        rows.exclude(decided_at=None).update(
            decided_at=created + timedelta(days=random.randint(1, 6))
        )
