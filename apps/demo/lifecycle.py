"""The demo as a whole: made once, mended where something is missing, removed on request.

One transaction for the database; the file follows it. Where the process ends between the two, the
next run finds users and keys that the file does not know, and gives them new secrets.
"""

from django.db import transaction
from django.db.models import Q

from apps.access.credential import COMMAND_LINE
from apps.accounts.models import User
from apps.agencies.models import Agency
from apps.apikeys.lifecycle import revoke
from apps.apikeys.models import ApiKey
from apps.buyers.models import BuyerProfile
from apps.listings.models import Listing
from apps.offers.models import Offer

from . import credentials, market
from .accounts import ensure_accounts
from .bids import bid_all
from .buyers import ensure_buyers
from .credentials import DemoFile
from .homes import COUNT
from .oauth_clients import ensure_clients, remove_clients
from .people import ACCOUNTS, AGENCIES, BUYERS


def make() -> DemoFile:
    """Make what is missing; returns what the file says."""
    known = credentials.read()
    with transaction.atomic():
        made = _make(known)
    if made != known:
        credentials.write(made)
    return made


def remove() -> None:
    """The demo's people, listings, offers and file. Agencies stay, and so does every audit row."""
    credentials.forget()  # first: a file must never speak of users that are gone
    people = User.objects.filter(email__in={*BUYERS, *(account.email for account in ACCOUNTS)})
    with transaction.atomic():
        _remove_market()
        remove_clients()
        for key in ApiKey.objects.filter(user__in=people, revoked_at=None):
            revoke(COMMAND_LINE, key)
        people.delete()


def _make(known: DemoFile) -> DemoFile:
    agencies = [Agency.objects.get_or_create(name=name)[0] for name in AGENCIES]
    stands = market.stands(agencies)
    if not stands:
        _remove_market()
    users = ensure_accounts(agencies, known)
    buyers = ensure_buyers()
    if not stands:
        bid_all(market.list_all(agencies), buyers)
    return DemoFile(
        users=users,
        oauth_clients=ensure_clients(agencies[0], known),
        listing_id=market.example(agencies, known.listing_id),
        listings=COUNT,
    )


def _remove_market() -> None:
    """Listings of the demo's agencies, offers on them or by its buyers, and its profiles."""
    buyers = User.objects.filter(email__in=BUYERS)
    Offer.objects.filter(Q(listing__agency__name__in=AGENCIES) | Q(buyer__in=buyers)).delete()
    Listing.objects.filter(agency__name__in=AGENCIES).delete()
    BuyerProfile.objects.filter(user__in=buyers).delete()
