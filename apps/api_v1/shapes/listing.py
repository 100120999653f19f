"""A listing as v1 takes and shows it: `name`, `state`, prices in whole dollars."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from apps.access.credential import Credential
from apps.core.data_classes import Output, stored
from apps.core.inputs import Body
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

Dollars = Annotated[int, Field(ge=0, le=999_999_999, examples=[425000])]

#: v1's words for what the domain calls otherwise.
_DOMAIN_NAMES = {"name": "title", "state": "state_code"}
_PRICES = frozenset({"price", "reserve_price"})


class NewListing(Body):
    """What an agency tells about a listing. It starts as a draft."""

    name: Title
    description: Description = ""
    city: City
    state: State
    street_address: StreetAddress
    price: Dollars
    reserve_price: Dollars | None = None
    bedrooms: Bedrooms

    def fields(self) -> dict[str, Any]:
        """As the domain takes it."""
        return _in_domain_terms({name: getattr(self, name) for name in type(self).model_fields})


class ListingChanges(Body):
    """Fields to change; those left out stay. `reserve_price` may be null: no reserve."""

    name: Title = ""
    description: Description = ""
    city: City = ""
    state: State = ""
    street_address: StreetAddress = ""
    price: Dollars = 0
    reserve_price: Dollars | None = None
    bedrooms: Bedrooms = 0

    def fields(self) -> dict[str, Any]:
        """As the domain takes it: only what was sent."""
        return _in_domain_terms(self.given())


class ListingSearch(ListingTerms, PageQuery):
    """Search terms and the page."""


class ListingShown(Output):
    """A listing. `street_address` and `reserve_price` are there for the own agency only."""

    shows = Listing

    id: Id = stored()
    agency: Id = stored()
    name: Title = stored("title")
    description: Description = stored()
    city: City = stored()
    state: State = stored("state_code")
    street_address: StreetAddress = stored(default="")
    price: Dollars = stored()
    bedrooms: Bedrooms = stored()
    status: ListingStatus = stored(examples=["published"])
    reserve_price: Dollars | None = stored(default=None)
    created_at: Moment = stored()
    updated_at: Moment = stored()


def shown(listing: Listing, credential: Credential) -> dict[str, Any]:
    """The listing as this caller may see it: what is not for them is absent, not null."""
    seen = {
        "id": str(listing.id),
        "agency": str(listing.agency_id),
        "name": listing.title,
        "description": listing.description,
        "city": listing.city,
        "state": listing.state_code,
        "price": int(listing.price),
        "bedrooms": listing.bedrooms,
        "status": listing.status,
        "created_at": moment(listing.created_at),
        "updated_at": moment(listing.updated_at),
    }
    if listing.is_own_of(credential):
        seen["street_address"] = listing.street_address
        reserve = listing.reserve_price
        seen["reserve_price"] = None if reserve is None else int(reserve)
    return seen


def _in_domain_terms(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        _DOMAIN_NAMES.get(name, name): _amount(value) if name in _PRICES else value
        for name, value in fields.items()
    }


def _amount(dollars: int | None) -> Decimal | None:
    return None if dollars is None else Decimal(dollars)
