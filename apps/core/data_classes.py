"""How sensitive a value is. One word per field and per answer drives caching and the schema."""

from enum import StrEnum
from typing import Any, ClassVar

from django.db.models import Model
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


#: Where the OpenAPI document says the class of a field.
EXTENSION = "x-data-classification"


class _Stored(str):
    """The name of the model's field that a shape's field shows; empty: it has the same name."""


def classified(data_class: DataClass, **constraints: Any) -> Any:
    """A field of an Output that no model stores, with its class."""
    return Field(json_schema_extra={EXTENSION: data_class}, **constraints)


def stored(name: str = "", **constraints: Any) -> Any:
    """A field of an Output that a field of its model is shown in: it has the class of that."""
    return Field(json_schema_extra={EXTENSION: _Stored(name)}, **constraints)


class Output(BaseModel):
    """Declares an answer: what the schema shows and the tests compare real answers with.

    Answers themselves are made by plain functions that return dicts; a model instance per row
    would cost hundreds of times as much and prove nothing more.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: The model whose row it shows: what its fields say there is not said again here.
    shows: ClassVar[type[Model] | None] = None

    @classmethod
    def class_of(cls, name: str) -> DataClass | None:
        """The class of a field; None for one that only holds others, such as a page's rows.

        Raises Unclassified where its model has no such field.
        """
        from .classification import class_of

        extra = cls.model_fields[name].json_schema_extra
        said = extra.get(EXTENSION) if isinstance(extra, dict) else None
        return class_of(cls.shows, said or name) if isinstance(said, _Stored) else said

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        made = handler(schema)
        for name, said in handler.resolve_ref_schema(made).get("properties", {}).items():
            if EXTENSION in said:
                said[EXTENSION] = str(cls.class_of(name))
        return made
