"""What a listing is told and searched by, whatever the version calls it."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from apps.core.inputs import Query
from apps.core.money import QueryPrice
from apps.core.places import City, State
from apps.core.text import line, prose
from apps.core.values import whole_number

Title = line(120, "Bungalow with a walled garden")
Description = prose(4000, "Three bedrooms, quiet street.")
StreetAddress = line(200, "12 O'Connell Street")
Bedrooms = Annotated[int, Field(ge=0, le=50, examples=[3])]
ListingStatus = Literal["draft", "published", "sold", "withdrawn"]
Ordering = Literal["price", "-price", "bedrooms", "-bedrooms", "created_at", "-created_at"]


class ListingTerms(Query):
    """Search terms; all of them narrow."""

    city: City | None = None
    state: State | None = None
    min_price: QueryPrice | None = None
    max_price: QueryPrice | None = None
    bedrooms: whole_number(0, 50) | None = None
    ordering: Ordering = "-created_at"

    @field_validator("max_price")
    @classmethod
    def _range(cls, highest: Decimal | None, info: ValidationInfo) -> Decimal | None:
        lowest = info.data.get("min_price")
        if None not in (lowest, highest) and lowest > highest:
            raise PydanticCustomError("own_out_of_range", "It is below min_price")
        return highest

    def terms(self) -> dict[str, Any]:
        """As `listings.search` takes them."""
        return self.model_dump(include={"city", "state", "min_price", "max_price", "bedrooms"})
