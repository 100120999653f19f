"""A whole OpenAPI document as pages show it: resources, and in them their operations."""

from dataclasses import dataclass
from typing import Any

from .shown import Shown, show

Schema = dict[str, Any]

_METHODS = ("get", "post", "put", "patch", "delete")
#: Names that capital letters alone do not make.
_NAMES = {"api-keys": "API keys", "me": "The caller", "openapi": "OpenAPI document"}


@dataclass(frozen=True, slots=True)
class Resource:
    """What one tag holds together."""

    id: str
    name: str
    about: str
    operations: list[Shown]


@dataclass(frozen=True, slots=True)
class Reference:
    """`members`: the document, as `apps.schema.document.make` made it."""

    members: Schema

    @property
    def info(self) -> Schema:
        """Title, version, description."""
        return self.members["info"]

    @property
    def server(self) -> str:
        """Where the service answers, without a path."""
        return self.members["servers"][0]["url"]

    @property
    def version(self) -> str:
        """The version in its paths, such as "v2"."""
        return next(iter(self.members["paths"])).split("/")[2]

    @property
    def dates(self) -> list[str]:
        """The dated minor versions that may be pinned."""
        return self.members["components"]["parameters"]["ApiVersion"]["schema"]["enum"]

    @property
    def is_deprecated(self) -> bool:
        """Are all of its operations?"""
        operations = [o for methods in self.members["paths"].values() for o in methods.values()]
        return all(operation.get("deprecated") for operation in operations)

    def resources(self) -> list[Resource]:
        """In the order of the document's tags; operations by path, then by method."""
        found: dict[str, list[Shown]] = {}
        for path, methods in self.members["paths"].items():
            for method in (method for method in _METHODS if method in methods):
                operation = methods[method]
                shown = show(self.server, path, method, operation, self.resolve)
                found.setdefault(operation["tags"][0], []).append(shown)
        return [
            Resource(tag["name"], _named(tag["name"]), tag["description"], found[tag["name"]])
            for tag in self.members["tags"]
        ]

    def resolve(self, node: Schema) -> Schema:
        """What a `$ref` points to, with what stands beside it; anything else as it is."""
        if "$ref" not in node:
            return node
        kind, name = node["$ref"].split("/")[-2:]
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return self.members["components"][kind][name] | beside


def _named(tag: str) -> str:
    return _NAMES.get(tag, tag.replace("-", " ").capitalize())
