"""What buyers are looked up by, and what is shown of those who are found."""

from typing import Any, Self

from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from apps.buyers.inputs import NationalIdSpelling, PhoneSpelling
from apps.buyers.masking import masked_name
from apps.buyers.models import BuyerProfile
from apps.core.data_classes import DataClass, Output, classified
from apps.core.inputs import Body
from apps.offers.known_buyers import MOST, Identifier

from .offer import BuyerSummary


class BuyerLookUp(Body):
    """Exactly one identifier, in any spelling."""

    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "maxProperties": 1,
            "examples": [{"phone": "+1 (505) 555-0123"}],
        }
    )

    phone: PhoneSpelling = ""
    national_id: NationalIdSpelling = ""

    @classmethod
    def demands_nothing(cls) -> bool:
        return False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise PydanticCustomError("own_not_exactly_one", "Send a phone or a national_id")
        return self

    def asked(self) -> tuple[Identifier, str]:
        """The kind of identifier, and the text of it."""
        ((name, text),) = self.given().items()
        return Identifier(name), text


class BuyersFound(Output):
    """The buyers with this identifier whom the caller may see."""

    results: list[BuyerSummary] = classified(DataClass.PERSONAL, max_length=MOST)


def shown(profiles: list[BuyerProfile]) -> dict[str, Any]:
    """Masked, as in an offer."""
    return {
        "results": [
            {"id": str(one.user_id), "legal_name": masked_name(one.legal_name)} for one in profiles
        ]
    }
