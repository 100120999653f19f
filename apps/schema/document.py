"""A whole OpenAPI 3.1 document: the operations of one version, and what stands around them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from inspect import getdoc
from typing import Any

import orjson
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A document as code reads it, and as it is sent: bytes and their strong entity tag."""

    members: Schema
    body: bytes
    etag: str


def make(title: str, version: str, description: str, routes: Sequence[Any]) -> Made:
    """The document of every operation below `routes`: URL patterns, as the URLconf mounts them."""
    generator = SchemaGenerator(patterns=routes)
    made = generator.get_schema(public=True)
    members = {
        "openapi": made["openapi"],
        "info": {"title": title, "version": version, "description": description},
        "servers": [{"url": settings.PUBLIC_URL, "x-internal": False}],
        "tags": _tags(generator, made["paths"]),
        "paths": made["paths"],
        "components": made["components"],
    }
    body = orjson.dumps(members)
    return Made(members, body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def _tags(generator: SchemaGenerator, paths: Schema) -> list[Schema]:
    """Each resource, described by what its first endpoint says of itself."""
    said = {path: getdoc(callback.cls) for path, _, _, callback in generator.endpoints}
    found: dict[str, str] = {}
    for path, methods in paths.items():
        for operation in methods.values():
            found.setdefault(operation["tags"][0], said[path])
    return [{"name": name, "description": text} for name, text in found.items()]
