"""Nothing in the document is without a bound: no string, number, list or object grows at will."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.access.checks import api_routes
from apps.core.data_classes import DataClass

from .reading import DOCUMENT
from .test_versions import DOCUMENTS, operations

Schema = dict[str, Any]
COMPONENTS: dict[str, Schema] = DOCUMENT["components"]["schemas"]
both = pytest.mark.parametrize("version", DOCUMENTS)
#: The document of an API and a person's export, whose members are bounded by number; schemas of
#: their own say the rest (OpenAPI's, and docs/export.schema.json).
OPEN = {"OpenApiDocument", "PersonalData"}


def unbounded(schema: Schema, where: str) -> Iterator[str]:
    """Every place below this schema where a value has no bound."""
    kind = schema.get("type")
    closed = "enum" in schema or "const" in schema
    if kind == "string" and not closed and "maxLength" not in schema:
        yield f"{where}: string"
    if kind == "integer" and not closed and not {"minimum", "maximum"} <= schema.keys():
        yield f"{where}: integer"
    if kind == "number":
        yield f"{where}: a number is not exact"
    if kind == "array" and "maxItems" not in schema:
        yield f"{where}: array"
    if kind == "object" and schema.get("additionalProperties") is not False:
        yield f"{where}: object"
    if not kind and not {"$ref", "anyOf"} & schema.keys():
        yield f"{where}: anything"
    for name, part in schema.get("properties", {}).items():
        yield from unbounded(part, f"{where}.{name}")
    for part in [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else [])]:
        yield from unbounded(part, where)


def components(version: str, kind: str) -> dict[str, Schema]:
    return DOCUMENTS[version]["components"][kind]


@both
def test_every_field_is_bounded(version: str) -> None:
    for name, schema in components(version, "schemas").items():
        assert name in OPEN or list(unbounded(schema, name)) == []


@both
def test_what_is_open_is_bounded_by_number(version: str) -> None:
    bounds = {"maxLength", "maxItems", "maxProperties", "const", "format"}
    for name in OPEN & components(version, "schemas").keys():
        for part in components(version, "schemas")[name]["properties"].values():
            assert bounds & part.keys(), name


@both
def test_every_parameter_is_bounded(version: str) -> None:
    for operation in operations(version):
        for parameter in operation["parameters"]:
            name = parameter.get("$ref", "").rpartition("/")[2]
            said = components(version, "parameters")[name] if name else parameter
            assert list(unbounded(said["schema"], said["name"])) == []


@both
def test_every_header_of_an_answer_is_bounded(version: str) -> None:
    for name, said in components(version, "headers").items():
        assert list(unbounded(said["schema"], name)) == []


def test_what_has_no_bound_is_noticed() -> None:
    assert list(unbounded({"type": "string"}, "x")) == ["x: string"]
    assert list(unbounded({"type": "array", "items": {"type": "integer"}}, "x")) == [
        "x: array",
        "x: integer",
    ]
    assert list(unbounded({"type": "object"}, "x")) == ["x: object"]


def test_no_input_takes_an_unknown_member() -> None:
    models = [
        model
        for route in api_routes()
        for operation in route.view.operations().values()
        for model in (operation.body, operation.query)
        if model
    ]
    assert models
    assert all(model.model_config["extra"] == "forbid" for model in models)


def test_every_field_that_is_sent_or_shown_has_a_data_class() -> None:
    shared = {"Money", "ProblemDocument", "Fault", "Code", "Reason", "Verb", "Outcome"}
    for name, schema in COMPONENTS.items():
        if name in shared or name.startswith("PageOf"):
            continue
        for field, said in schema["properties"].items():
            assert DataClass(said["x-data-classification"]), f"{name}.{field}"


def test_an_input_is_as_sensitive_as_what_it_sets() -> None:
    def of(component: str) -> dict[str, str]:
        properties = COMPONENTS[component]["properties"]
        return {name: said["x-data-classification"] for name, said in properties.items()}

    assert of("NewListing")["title"] == "public"
    assert of("NewListing")["reserve_price"] == "internal"
    assert set(of("NewBuyerProfile").values()) == {"personal"}
    assert of("RevealRequest") == {"reason": "personal"}
    assert of("ApiKeyCreated")["key"] == "secret"
