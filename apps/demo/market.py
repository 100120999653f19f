"""The demo's listings, written in bulk: 200 rows that nobody typed would only fill the audit."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from apps.agencies.models import Agency
from apps.encryption.errors import DecryptionRefused
from apps.listings.models import Listing, Status

from .homes import Home, homes


def stands(agencies: Sequence[Agency]) -> bool:
    """Is there something to buy, and can it be read with the keys of this environment?"""
    listing = _on_sale(agencies).first()
    if listing is None:
        return False
    try:
        return bool(listing.street_address)
    except DecryptionRefused:
        return False


def example(agencies: Sequence[Agency], known: str) -> str:
    """The id of a published listing: `known` for as long as it is one."""
    ids = [str(pk) for pk in _on_sale(agencies).values_list("pk", flat=True)]
    return known if known in ids else ids[0]


def _on_sale(agencies: Sequence[Agency]) -> QuerySet[Listing]:
    published = Listing.objects.filter(agency__in=agencies, status=Status.PUBLISHED)
    return published.order_by("created_at", "id")


def list_all(agencies: Sequence[Agency]) -> list[Listing]:
    """List every home. What is to be sold is on sale until an offer on it is accepted."""
    planned = homes()
    now = datetime.now(UTC)
    listings = [_listing(home, agencies[home.agency]) for home in planned]
    Listing.objects.bulk_create(listings)
    for home, listing in zip(planned, listings, strict=True):
        listing.created_at = listing.updated_at = now - timedelta(days=home.age)
    Listing.objects.bulk_update(listings, ["created_at", "updated_at"])
    return [
        listing
        for home, listing in zip(planned, listings, strict=True)
        if home.status == Status.SOLD
    ]


def _listing(home: Home, agency: Agency) -> Listing:
    status = Status.PUBLISHED if home.status == Status.SOLD else Status(home.status)
    return Listing(agency=agency, status=status, **home.fields)
