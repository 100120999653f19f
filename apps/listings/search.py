"""Search over visible listings."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.access.credential import Credential
from apps.core.compiled import compiled
from apps.core.cursor import Cut
from apps.core.places import city_key

from .models import Listing, Listings

#: Search terms as clients name them, and what each compares.
_LOOKUPS = {
    "city": "city_key",
    "state": "state_code",
    "min_price": "price__gte",
    "max_price": "price__lte",
    "bedrooms": "bedrooms",
}


def search(credential: Credential, terms: Mapping[str, Any]) -> QuerySet:
    """What this caller may see of what was asked for; None asks for nothing."""
    return _narrowed(Listing.objects.visible_to(credential), _comparable(terms))


def pages(credential: Credential, terms: Mapping[str, Any]) -> Callable[..., list[Listing]]:
    """The same, as `cursor.page` fetches it."""
    return partial(_found, staff_of=credential.staff_of, **_comparable(terms))


@compiled(by_key=False)
def _found(
    cut: Cut, *, staff_of: UUID | None, value: Any = None, row: UUID | None = None, **terms: Any
) -> Listings:
    return cut.of(_narrowed(Listing.objects.visible_from(staff_of), terms), value, row)


def _narrowed(listings: Listings, terms: Mapping[str, Any]) -> Listings:
    given = {_LOOKUPS[name]: value for name, value in terms.items() if value is not None}
    return listings.filter(**given)


def _comparable(terms: Mapping[str, Any]) -> dict[str, Any]:
    """A city matches in any case and composition."""
    city = terms.get("city")
    return {**terms, "city": city_key(city) if city is not None else None}
