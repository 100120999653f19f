"""A schema as people read it: one row a field, nested ones under the name of their parent. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
#: Follows a `$ref`; anything else comes back as it is.
Resolve = Callable[[Schema], Schema]

#: Longer lists of values are cut in the middle; the document has them all.
_MANY_VALUES = 12
_SAYS_ITS_LENGTH = {"enum", "const", "format"}


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: the type; `bounds`: what it may be, in words; `pattern`: an expression, or ""."""

    name: str
    kind: str
    required: bool
    about: str
    bounds: str
    pattern: str
    values: tuple[str, ...]
    data_class: str


def fields(schema: Schema, resolve: Resolve, prefix: str = "", inherited: str = "") -> list[Field]:
    """The rows of an object's members. A field without a class of its own has its parent's."""
    return list(_rows(resolve(schema), resolve, prefix, inherited))


def _rows(schema: Schema, resolve: Resolve, prefix: str, inherited: str) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, said in schema.get("properties", {}).items():
        data_class = said.get("x-data-classification", inherited)
        part, nullable = _unwrapped(said, resolve)
        yield one(prefix + name, part, name in required, data_class, nullable, resolve)
        if part.get("type") == "array":
            inner = resolve(part["items"])
            yield from _rows(inner, resolve, f"{prefix}{name}[].", data_class)
        else:
            yield from _rows(part, resolve, f"{prefix}{name}.", data_class)


def _unwrapped(schema: Schema, resolve: Resolve) -> tuple[Schema, bool]:
    """The schema behind a reference or an "or null", and whether null is allowed."""
    if "anyOf" in schema:
        return resolve(schema["anyOf"][0]), True
    return resolve(schema), False


def one(
    name: str,
    schema: Schema,
    required: bool,
    data_class: str,
    nullable: bool = False,
    resolve: Resolve = lambda schema: schema,
    about: str = "",
) -> Field:
    """One row."""
    items = resolve(schema["items"]) if schema.get("type") == "array" else schema
    values = [str(value) for value in items.get("enum", ())]
    pattern = items.get("pattern", "")
    return Field(
        name=name,
        kind=_kind(schema, items),
        required=required,
        about=about,
        bounds=", ".join(_bounds(schema, items, len(values), nullable)),
        # One that only says what may not be in it tells a reader nothing.
        pattern="" if pattern.startswith("^[^") or "format" in items else pattern,
        values=_shortened(values),
        data_class=data_class,
    )


def _kind(schema: Schema, items: Schema) -> str:
    kind = items.get("format") if items.get("type") == "string" else None
    kind = kind or items.get("type", "object")
    return f"list of {kind}" if schema.get("type") == "array" else kind


def _bounds(schema: Schema, items: Schema, values: int, nullable: bool) -> Iterator[str]:
    if schema is not items:
        yield _range(schema.get("minItems"), schema.get("maxItems"), "items")
    if items.get("type") == "integer" and "const" not in items:
        yield _range(items.get("minimum"), items.get("maximum"), "")
    if items.get("type") == "string" and not items.keys() & _SAYS_ITS_LENGTH:
        each = " each" if schema is not items else ""
        yield _range(items.get("minLength"), items.get("maxLength"), f"characters{each}")
    if "const" in items:
        yield f"always {items['const']}"
    if "default" in schema:
        yield f"{schema['default']} by default"
    if nullable:
        yield "or null"
    if values:
        yield f"one of {values}" if values > _MANY_VALUES else "one of"


def _range(low: int | None, high: int | None, unit: str) -> str:
    if low or not unit:
        return f"{low:,} to {high:,} {unit}".strip()
    return f"up to {high:,} {unit}"


def _shortened(values: list[str]) -> tuple[str, ...]:
    if len(values) <= _MANY_VALUES:
        return tuple(values)
    return (*values[:4], "…", values[-1])
