"""From pydantic models to `#/components/schemas`, bounded down to the last string.

The models are the ones that requests are read with and answers are compared with, so the document
cannot say anything else than the code does.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from drf_spectacular.plumbing import ComponentIdentity, ComponentRegistry, ResolvedComponent
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from apps.core.data_classes import EXTENSION, DataClass
from apps.core.text import PROSE_PATTERN

_SCHEMAS = ResolvedComponent.SCHEMA
_REF = "#/components/schemas/{model}"
_SAYS_MORE = {"format", "pattern", "enum", "const"}
Schema = dict[str, Any]


class _Members(GenerateJsonSchema):
    """Without titles that repeat names, and without defaults: what is left out is absent."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


class _Parameters(_Members):
    """A query parameter is never null; its default is what leaving it out means."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        return inner if schema["default"] is None else {**inner, "default": schema["default"]}


def register(
    registry: ComponentRegistry,
    model: type[BaseModel],
    mode: JsonSchemaMode,
    classes: Mapping[str, DataClass] | None = None,
) -> Schema:
    """Put the model and what it is made of into the components; returns the reference to it.

    `classes`: the data class of each field that does not say its own. Raises ValueError where two
    different schemas have one name.
    """
    name, parts = _schemas(model, mode)
    for part, schema in parts.items():
        if part != name:
            put(registry, _SCHEMAS, part, schema)
    return put(registry, _SCHEMAS, name, _classified(parts[name], classes or {}))


def query_fields(model: type[BaseModel]) -> dict[str, Schema]:
    """The schema of every query parameter by its name."""
    made = model.model_json_schema(mode="validation", schema_generator=_Parameters)
    return {name: _bounded(schema) for name, schema in made["properties"].items()}


def put(registry: ComponentRegistry, kind: str, name: str, schema: Schema) -> Schema:
    """Register a component of any kind once; returns the reference to it."""
    component = ResolvedComponent(name, kind, schema, ComponentIdentity(name))
    if component in registry and registry[component].schema != schema:
        raise ValueError(f"two components are called {name}")
    registry.register_on_missing(component)
    return component.ref


@cache
def _schemas(model: type[BaseModel], mode: JsonSchemaMode) -> tuple[str, dict[str, Schema]]:
    """The component name of a model, and every schema that it is made of, its own included."""
    made = model.model_json_schema(mode=mode, ref_template=_REF, schema_generator=_Members)
    parts = made.pop("$defs", {})
    name = re.sub(r"\W", "", made["title"])
    return name, {part: _bounded(schema) for part, schema in {**parts, name: made}.items()}


def _classified(schema: Schema, classes: Mapping[str, DataClass]) -> Schema:
    if not classes:
        return schema
    properties = {
        field: {**said, EXTENSION: said.get(EXTENSION, str(classes[field]))}
        for field, said in schema["properties"].items()
    }
    return {**schema, "properties": properties}


def _bounded(schema: Schema) -> Schema:
    """Say of every number how wide it is, and of every string what it may be made of."""
    for value in schema.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                _bounded(part)
    if isinstance(schema.get("title"), str):
        del schema["title"]
    if schema.get("type") == "integer":
        schema.setdefault("format", "int32")
    if schema.get("type") == "string" and not _SAYS_MORE & schema.keys():
        # True of every text that comes in or goes out.
        schema["pattern"] = PROSE_PATTERN
    return schema
