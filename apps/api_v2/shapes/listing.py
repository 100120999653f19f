"""A listing as v2 takes and shows it."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from apps.access.credential import Credential
from apps.core.data_classes import DataClass, Output, classified
from apps.core.inputs import Body
from apps.core.money import Money, QueryPrice, money
from apps.core.places import City, State
from apps.core.text import line, prose
from apps.listings.models import Listing

from .page import PageQuery, whole_number
from .values import Id, Moment, moment

Title = line(120, "Bungalow with a walled garden")
Description = prose(4000, "Three bedrooms, quiet street.")
StreetAddress = line(200, "12 O'Connell Street")
Bedrooms = Annotated[int, Field(ge=0, le=50, examples=[3])]
Ordering = Literal["price", "-price", "bedrooms", "-bedrooms", "created_at", "-created_at"]


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


class ListingSearch(PageQuery):
    """Search terms; all of them narrow."""

    city: City | None = None
    state: State | None = None
    min_price: QueryPrice | None = None
    max_price: QueryPrice | None = None
    bedrooms: whole_number(0, 50) | None = None
    ordering: Ordering = "-created_at"

    @model_validator(mode="after")
    def _range(self) -> "ListingSearch":
        if None not in (self.min_price, self.max_price) and self.min_price > self.max_price:
            raise PydanticCustomError("own_out_of_range", "min_price is above max_price")
        return self

    def terms(self) -> dict[str, Any]:
        """As `listings.search` takes them."""
        return self.model_dump(include={"city", "state", "min_price", "max_price", "bedrooms"})


class ListingShown(Output):
    """A listing. `street_address` and `reserve_price` are there for the own agency only."""

    id: Id = classified(DataClass.PUBLIC)
    agency: Id = classified(DataClass.PUBLIC)
    title: str = classified(DataClass.PUBLIC, max_length=120)
    description: str = classified(DataClass.PUBLIC, max_length=4000)
    city: str = classified(DataClass.PUBLIC, max_length=100)
    state_code: str = classified(DataClass.PUBLIC, max_length=2)
    street_address: str = classified(DataClass.INTERNAL, default="", max_length=200)
    price: Money = classified(DataClass.PUBLIC)
    bedrooms: int = classified(DataClass.PUBLIC, ge=0, le=50)
    status: Literal["draft", "published", "sold", "withdrawn"] = classified(DataClass.PUBLIC)
    reserve_price: Money | None = classified(DataClass.INTERNAL, default=None)
    created_at: Moment = classified(DataClass.PUBLIC)
    updated_at: Moment = classified(DataClass.PUBLIC)


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
    if is_own(credential, listing):
        seen["street_address"] = listing.street_address
        reserve = listing.reserve_price
        seen["reserve_price"] = None if reserve is None else money(reserve)
    return seen


def is_own(credential: Credential, listing: Listing) -> bool:
    """Does the caller act for the listing's agency?"""
    return credential.staff_of is not None and credential.staff_of == listing.agency_id
