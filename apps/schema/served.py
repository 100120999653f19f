"""One operation where it is served: what its path and its endpoint add to its declaration."""

import re
from dataclasses import dataclass

from apps.access.checks import api_routes
from apps.access.endpoint import Endpoint
from apps.access.operation import Operation
from apps.access.versions import SERVED
from apps.core.inputs import NoBody

_PARAMETER = re.compile(r"<(\w+):(\w+)>")
_PREFIX = re.compile(r"^/api/v\d+/")
_VERBS = {"GET": "get", "PUT": "replace", "PATCH": "update", "DELETE": "delete"}
BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True)
class Served:
    """`path` as in the document (`/api/v2/offers/{offer_id}`), `route` as in the URLconf."""

    path: str
    route: str
    method: str
    endpoint: type[Endpoint]
    operation: Operation

    @property
    def ids(self) -> dict[str, str]:
        """The path parameters: name to URL converter."""
        return {name: converter for converter, name in _PARAMETER.findall(self.route)}

    @property
    def words(self) -> list[str]:
        """The fixed parts of the path after the version."""
        parts = _PREFIX.sub("", self.path).split("/")
        return [part.partition(".")[0] for part in parts if not part.startswith("{")]

    @property
    def tag(self) -> str:
        """The resource."""
        return self.words[0]

    @property
    def name(self) -> str:
        """The operationId: made of path and method alone, so that it outlives every rename here."""
        return "_".join(word.replace("-", "_") for word in [*self.words, *self._verb()])

    def _verb(self) -> list[str]:
        if self.method == "POST":
            # The last word of a path such as …/{offer_id}/accept is the verb already.
            return ["create"] if len(self.words) == 1 else []
        if self.method == "GET" and self.is_page:
            return ["list"]
        return [_VERBS[self.method]]

    @property
    def version(self) -> str:
        """The path of the version, such as `/api/v2/`."""
        return _PREFIX.match(self.path)[0]

    @property
    def dates(self) -> tuple[str, ...]:
        """The dated minor versions that it serves, newest first."""
        return SERVED[self.version]

    @property
    def is_deprecated(self) -> bool:
        """Does it belong to a version that has a sunset?"""
        return self.version == "/api/v1/"

    @property
    def is_page(self) -> bool:
        """Does it answer a page of rows?"""
        returns = self.operation.returns
        return returns is not None and "next" in returns.model_fields

    @property
    def has_body(self) -> bool:
        """Is a body read at all?"""
        return self.method in BODY_METHODS

    @property
    def takes_input(self) -> bool:
        """Does the body have members?"""
        return self.has_body and self.operation.body not in (None, NoBody)

    @property
    def needs_body(self) -> bool:
        """May the body not be left out?"""
        return self.takes_input and not (
            self.method == "POST" and self.operation.body.demands_nothing()
        )

    @property
    def has_tag(self) -> bool:
        """Does the object have an entity tag?"""
        return self.endpoint.etag is not Endpoint.etag

    @property
    def makes_tagged(self) -> bool:
        """Does what a collection makes have an entity tag where it is served itself?"""
        own = re.compile(re.escape(self.path) + "/<[^/]+>")
        items = [route.view for route in api_routes() if own.fullmatch(route.path)]
        return any(view is not None and view.etag is not Endpoint.etag for view in items)

    @property
    def may_miss(self) -> bool:
        """May there be no such object? PUT makes what is not there (RFC 9110 section 9.3.4)."""
        own = self.endpoint.find_own is not Endpoint.find_own
        return bool(self.ids) or (own and self.method != "PUT")

    @property
    def may_create(self) -> bool:
        """Is 201 possible beside the declared status?"""
        return self.method == "PUT" and not self.ids
