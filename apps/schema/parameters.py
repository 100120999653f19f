"""What an operation reads beside its body: ids in the path, the query, headers."""

from typing import Any

from drf_spectacular.plumbing import ComponentRegistry

from apps.access.operation import Idempotency
from apps.core.inputs import NoQuery

from .components import query_fields
from .examples import uuid_of
from .headers import sent
from .served import Served

Schema = dict[str, Any]

#: URL converters to schemas. A converter that is missing here fails the building, not the client.
_CONVERTERS: dict[str, Schema] = {
    "uuid": {
        "type": "string",
        "format": "uuid",
        "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        "minLength": 36,
        "maxLength": 36,
    }
}


def parameters(served: Served, registry: ComponentRegistry) -> list[Schema]:
    """Path, query and header parameters, in the order that people read them."""
    return [*_path(served), *_query(served), *_headers(served, registry)]


def _path(served: Served) -> list[Schema]:
    last = len(served.ids) - 1
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": f"Id of the {name.removesuffix('_id')}.",
            "schema": _CONVERTERS[converter],
            # The last id is the one of the object that the answer shows as `id`.
            "example": uuid_of("id" if place == last else name.removesuffix("_id")),
        }
        for place, (name, converter) in enumerate(served.ids.items())
    ]


def _query(served: Served) -> list[Schema]:
    return [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in query_fields(served.operation.query or NoQuery).items()
    ]


def _headers(served: Served, registry: ComponentRegistry) -> list[Schema]:
    found = []
    if served.operation.idempotency:
        demanded = served.operation.idempotency is Idempotency.DEMANDED
        found.append(sent(registry, served, "IdempotencyKey", required=demanded))
    if served.has_tag and served.method != "GET" and not served.operation.if_match:
        found.append(sent(registry, served, "IfMatch"))
    if served.operation.if_match:
        # PUT makes what is not there, and then there is nothing to match.
        found.append(sent(registry, served, "IfMatch", required=not served.may_create))
    if served.method == "GET" and served.has_tag:
        found.append(sent(registry, served, "IfNoneMatch"))
    return [*found, sent(registry, served, "ApiVersion")]
