"""A complete example of anything that has a schema, made of the examples of its fields.

The same schema always gives the same example, so that the document is stable.
"""

import hashlib
from typing import Any

from drf_spectacular.plumbing import ComponentRegistry

Schema = dict[str, Any]

#: A field should bring an example of its own; these stand in where its format says enough.
_BY_FORMAT = {
    "date-time": "2026-03-14T09:26:53.589793Z",
    "date": "1984-02-29",
}
_SAYS_ITSELF = {"examples", "enum", "const"}
_UUID = "0198c1d4-5e2f-7{}-9{}-{}"


def example(schema: Schema, registry: ComponentRegistry, name: str = "id") -> Any:
    """One value that this schema allows; `name` is what it is called where it stands."""
    if "$ref" in schema:
        return example(_resolved(schema["$ref"], registry), registry, name)
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example(schema["anyOf"][0], registry, name)
    return _BY_TYPE[schema["type"]](schema, registry, name)


def _resolved(reference: str, registry: ComponentRegistry) -> Schema:
    kind, name = reference.split("/")[-2:]
    return registry[name, kind].schema


def _object(schema: Schema, registry: ComponentRegistry, name: str) -> dict[str, Any]:
    # An object's own id goes by the object's name, so that a reference to it shows the same one.
    return {
        field: example(part, registry, name if field == "id" else field)
        for field, part in schema.get("properties", {}).items()
        if field in schema.get("required", ()) or not _is_invented(part)
    }


def _is_invented(schema: Schema) -> bool:
    """Such as the end of a key's life: no fixed moment is a good one for long."""
    return schema.get("type") == "string" and not _SAYS_ITSELF & schema.keys()


def _array(schema: Schema, registry: ComponentRegistry, name: str) -> list[Any]:
    return [example(schema["items"], registry, "id" if name == "results" else name)]


def _string(schema: Schema, _registry: ComponentRegistry, name: str) -> str:
    kind = schema.get("format", "")
    if kind == "uuid":
        return uuid_of(name)
    return _BY_FORMAT.get(kind, "text"[: schema.get("maxLength", 4)])


def uuid_of(name: str) -> str:
    """A UUIDv7 that is always the same for the same name."""
    digits = hashlib.sha256(name.encode()).hexdigest()
    return _UUID.format(digits[:3], digits[3:6], digits[6:18])


def _number(schema: Schema, _registry: ComponentRegistry, _name: str) -> int:
    return schema.get("minimum", 1)


_BY_TYPE = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _number,
    "boolean": lambda *_: True,
    "null": lambda *_: None,
}
