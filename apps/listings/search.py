"""Search over visible listings."""

from decimal import Decimal

from django.db.models import QuerySet

from apps.core.places import city_key


def search(
    listings: QuerySet,
    *,
    city: str | None = None,
    state: str | None = None,
    min_price: Decimal | None = None,
    max_price: Decimal | None = None,
    bedrooms: int | None = None,
) -> QuerySet:
    """Narrow listings by the given terms. A city matches in any case and composition."""
    terms = {
        "city_key": city_key(city) if city is not None else None,
        "state_code": state,
        "price__gte": min_price,
        "price__lte": max_price,
        "bedrooms": bedrooms,
    }
    return listings.filter(**{name: value for name, value in terms.items() if value is not None})
