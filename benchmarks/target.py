"""What a stack serves: the three questions that are measured, and the credential to ask them with.

Pure. A stack's seed makes one, prints it as JSON on its standard output and so hands it over; the
credential stands in no file, no argument list and no repr.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Endpoint(StrEnum):
    """What is measured, in the order of measuring: POST last, because it makes tables grow."""

    DETAIL = "detail"
    PAGE = "page"
    POST = "post"


#: The members of a listing, in every stack's answer.
FIELDS = (
    "id",
    "agency",
    "title",
    "description",
    "city",
    "state_code",
    "street_address",
    "price",
    "bedrooms",
    "status",
    "reserve_price",
    "created_at",
    "updated_at",
)
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; `body` is what will be JSON, amounts as text."""

    method: str
    path: str
    body: dict[str, Any] | None = None

    @property
    def data(self) -> str:
        return "" if self.body is None else json.dumps(self.body, default=str, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Target:
    """`authorization` is the value of that header, empty where a stack asks for none."""

    detail: Ask
    page: Ask
    post: Ask
    authorization: str = field(default="", repr=False)

    def ask(self, endpoint: Endpoint) -> Ask:
        return getattr(self, endpoint)

    @property
    def headers(self) -> dict[str, str]:
        sent = {"Content-Type": "application/json"}
        return sent | ({"Authorization": self.authorization} if self.authorization else {})


def dumps(target: Target) -> str:
    """The target as one line of JSON, credential included: for a pipe, never for a file."""
    asks = {name: _plain(target.ask(name)) for name in Endpoint}
    return json.dumps(asks | {"authorization": target.authorization}, default=str)


def loads(text: str) -> Target:
    """What `dumps` wrote."""
    read = json.loads(text)
    asks = {str(name): Ask(**read[name]) for name in Endpoint}
    return Target(**asks, authorization=read["authorization"])


def complaint(endpoint: Endpoint, status: int, content: bytes) -> str | None:
    """What is wrong with an answer, or None: all stacks must give the same fields and rows."""
    if status != (201 if endpoint is Endpoint.POST else 200):
        return f"status {status}"
    answer = json.loads(content)
    rows = answer["results"] if endpoint is Endpoint.PAGE else [answer]
    if endpoint is Endpoint.PAGE and len(rows) != PAGE_SIZE:
        return f"{len(rows)} rows in a page of {PAGE_SIZE}"
    odd = [name for row in rows for name in set(FIELDS) ^ set(row)]
    return f"fields differ: {', '.join(sorted(set(odd)))}" if odd else None


def _plain(ask: Ask) -> dict[str, Any]:
    return {"method": ask.method, "path": ask.path, "body": ask.body}
