"""A listing as v2 takes and shows it."""

from typing import Any

from apps.access.credential import Credential
from apps.core.data_classes import Output, stored
from apps.core.inputs import Body
from apps.core.money import Money, money
from apps.core.places import City, State
from apps.core.values import Id, Moment, moment
from apps.listings.inputs import (
    Bedrooms,
    Description,
    ListingStatus,
    ListingTerms,
    StreetAddress,
    Title,
)
from apps.listings.models import Listing

from .page import PageQuery


class NewListing(Body):
    """What an agency tells about a listing. It starts as a draft."""

    title: Title
    description: Description = ""
    city: City
    state_code: State
    street_address: StreetAddress
    price: Money
    reserve_price: Money | None = None
    bedrooms: Bedrooms

    def fields(self) -> dict[str, Any]:
        """As the domain takes it."""
        return in_domain_terms({name: getattr(self, name) for name in type(self).model_fields})


class ListingChanges(Body):
    """Fields to change; those left out stay. `reserve_price` may be null: no reserve."""

    title: Title = ""
    description: Description = ""
    city: City = ""
    state_code: State = ""
    street_address: StreetAddress = ""
    price: Money = None
    reserve_price: Money | None = None
    bedrooms: Bedrooms = 0

    def fields(self) -> dict[str, Any]:
        """As the domain takes it: only what was sent."""
        return in_domain_terms(self.given())


class ListingSearch(ListingTerms, PageQuery):
    """Search terms and the page."""


class ListingShown(Output):
    """A listing. `street_address` and `reserve_price` are there for the own agency only."""

    shows = Listing

    id: Id = stored()
    agency: Id = stored()
    title: Title = stored()
    description: Description = stored()
    city: City = stored()
    state_code: State = stored()
    street_address: StreetAddress = stored(default="")
    price: Money = stored()
    bedrooms: Bedrooms = stored()
    status: ListingStatus = stored(examples=["published"])
    reserve_price: Money | None = stored(default=None)
    created_at: Moment = stored()
    updated_at: Moment = stored()


def in_domain_terms(fields: dict[str, Any]) -> dict[str, Any]:
    """Money objects become amounts: the house keeps one currency."""
    return {
        name: value.amount if isinstance(value, Money) else value for name, value in fields.items()
    }


def shown(listing: Listing, credential: Credential) -> dict[str, Any]:
    """The listing as this caller may see it: what is not for them is absent, not null."""
    seen = {
        "id": str(listing.id),
        "agency": str(listing.agency_id),
        "title": listing.title,
        "description": listing.description,
        "city": listing.city,
        "state_code": listing.state_code,
        "price": money(listing.price),
        "bedrooms": listing.bedrooms,
        "status": listing.status,
        "created_at": moment(listing.created_at),
        "updated_at": moment(listing.updated_at),
    }
    if listing.is_own_of(credential):
        seen["street_address"] = listing.street_address
        reserve = listing.reserve_price
        seen["reserve_price"] = None if reserve is None else money(reserve)
    return seen
