"""What one method of one route demands: declared once, read by everything.

The gate, the permission, the input reader, the limits, the cache headers, the OpenAPI document
and the matrix of tests all read this declaration. There is no second place to forget.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any

from pydantic import BaseModel

from apps.agencies.roles import Role
from apps.core.data_classes import DataClass
from apps.core.inputs import Body, Query

from .credential import Credential
from .scopes import Scope


class Limit(StrEnum):
    """Which limits a route has beside its caller's own: see `charges`."""

    DEFAULT = "default"  # none
    SEARCH = "search"
    OFFERS = "offers"
    LEAK_REPORT = "leak-report"
    EXPORT = "export"
    REVEAL = "reveal"
    BUYER_LOOKUP = "buyer-lookup"


class Idempotency(StrEnum):
    """What a route does with `Idempotency-Key`."""

    DEMANDED = "demanded"
    HONOURED = "honoured"  # where it is sent


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """The declaration. The first five say who and what, and have no defaults on purpose.

    `scope`: needed scope, None where any credential will do. `roles`: who may call it.
    `permits`: may this caller do it to this object, asked after visibility (None: visibility is
    the whole policy). `limit`: rate policy. `exposes`: the most sensitive class in the answer.
    `for_people`: is it about the caller as a person? A client that acts for itself is none.
    `second_factor`: does it need one that was proved less than ten minutes ago?
    `cost`: how many requests one counts as: more than 1 for the work, or the harm, of more.
    """

    scope: Scope | None
    roles: frozenset[Role]
    permits: Callable[[Credential, Any], bool] | None
    limit: Limit
    exposes: DataClass
    for_people: bool = False
    second_factor: bool = False
    cost: int = 1
    anonymous: bool = False
    query: type[Query] | None = None
    body: type[Body] | None = None
    returns: type[BaseModel] | None = None
    status: int = 200
    if_match: bool = False
    idempotency: Idempotency | None = None
    summary: str = ""
    why: str = ""


def operation(**declared: Any) -> Callable:
    """Declare a handler `(self, call) -> HttpResponse` of an Endpoint. Docstring: summary, why."""

    def declare(handler: Callable) -> Callable:
        summary, _, why = (handler.__doc__ or "").partition("\n\n")
        made = Operation(summary=summary.strip(), why=" ".join(why.split()), **declared)

        @wraps(handler)
        def serve(self: Any, request: Any, **ids: Any) -> Any:
            return self.serve(made, handler, request, ids)

        serve.operation = made
        return serve

    return declare
