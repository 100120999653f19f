"""An API key as v2 takes and shows it: its text appears once, at creation."""

from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from apps.access.scopes import Scope
from apps.apikeys.models import ApiKey
from apps.core.data_classes import DataClass, Output, classified
from apps.core.inputs import Body
from apps.core.text import line

from .values import Id, Moment, moment


def _scope(value: object) -> Scope:
    if not isinstance(value, str) or value not in Scope.__members__.values():
        raise PydanticCustomError("own_not_a_choice", "It is no scope")
    return Scope(value)


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise PydanticCustomError("own_wrong_format", "It is no network in CIDR form") from None


def _moment(value: object) -> datetime:
    try:
        parsed = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise PydanticCustomError("own_wrong_format", "It is a time with its zone, RFC 3339")
    try:
        return parsed.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("own_out_of_range", "It is out of range") from None


ScopeText = Annotated[
    Scope,
    PlainValidator(_scope),
    WithJsonSchema({"type": "string", "enum": [str(scope) for scope in Scope]}),
]
Network = Annotated[
    str, Field(max_length=43, examples=["203.0.113.0/24"]), AfterValidator(_network)
]
End = Annotated[
    datetime,
    PlainValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 40}),
]


class NewApiKey(Body):
    """A key to make. No scope means no access, so at least one is demanded."""

    name: line(60, "nightly export")
    scopes: list[ScopeText] = Field(min_length=1, max_length=len(Scope))
    networks: list[Network] = Field(default=[], max_length=20)
    expires_at: End = None


class ApiKeyShown(Output):
    """A key without its text."""

    id: Id = classified(DataClass.INTERNAL)
    name: str = classified(DataClass.INTERNAL, max_length=60)
    prefix: str = classified(DataClass.INTERNAL, max_length=20)
    scopes: list[ScopeText] = classified(DataClass.INTERNAL, max_length=len(Scope))
    networks: list[str] = classified(DataClass.INTERNAL, max_length=20)
    tier: Literal["free", "partner", "internal"] = classified(DataClass.INTERNAL)
    expires_at: Moment = classified(DataClass.INTERNAL)
    created_at: Moment = classified(DataClass.INTERNAL)
    last_used_at: Moment | None = classified(DataClass.INTERNAL)
    revoked_at: Moment | None = classified(DataClass.INTERNAL)


class ApiKeyCreated(ApiKeyShown):
    """A new key with its text, this once."""

    key: str = classified(DataClass.SECRET, max_length=59)


def shown(key: ApiKey) -> dict[str, Any]:
    """The key without its text."""
    return {
        "id": str(key.id),
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "networks": key.networks,
        "tier": key.tier,
        "expires_at": moment(key.expires_at),
        "created_at": moment(key.created_at),
        "last_used_at": moment(key.last_used_at),
        "revoked_at": moment(key.revoked_at),
    }
