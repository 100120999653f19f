"""How sensitive a value is. One word per field and per answer drives caching and the schema."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class DataClass(StrEnum):
    """ASVS 14.1.1: from what anyone may read to what nobody may see twice."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SECRET = "secret"  # noqa: S105 (a word, not a secret)

    @property
    def is_sensitive(self) -> bool:
        """Is it encrypted at rest, and kept out of the log and the audit?"""
        return self in (DataClass.PERSONAL, DataClass.SECRET)


#: Personal data and credentials are never stored on the way; the rest is revalidated.
CACHE_CONTROL = {
    DataClass.PUBLIC: "public, max-age=300",
    DataClass.INTERNAL: "private, no-cache",
    DataClass.PERSONAL: "no-store",
    DataClass.SECRET: "no-store",
}


def classified(data_class: DataClass, **constraints: Any) -> Any:
    """A field of an Output whose class is written into the OpenAPI document."""
    return Field(json_schema_extra={"x-data-class": data_class}, **constraints)


class Output(BaseModel):
    """Declares an answer: what the schema shows and the tests compare real answers with.

    Answers themselves are made by plain functions that return dicts; a model instance per row
    would cost hundreds of times as much and prove nothing more.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
