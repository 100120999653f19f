"""An API key as v2 takes and shows it: its text appears once, at creation."""

import re
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from apps.access.scopes import Scope
from apps.apikeys.models import ApiKey
from apps.core.data_classes import DataClass, Output, classified, stored
from apps.core.inputs import Body
from apps.core.text import ANYTHING, line
from apps.core.values import Id, Moment, moment

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _scope(value: object) -> Scope:
    if not isinstance(value, str) or value not in Scope.__members__.values():
        raise PydanticCustomError("own_not_a_choice", "It is no scope")
    return Scope(value)


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise PydanticCustomError("own_wrong_format", "It is no network in CIDR form") from None


def _is_moment(value: object) -> bool:
    # fromisoformat alone also takes weeks, days of the year and times without their parts.
    return isinstance(value, str) and bool(_MOMENT.fullmatch(value))


def _moment(value: object) -> datetime:
    try:
        parsed = datetime.fromisoformat(value) if _is_moment(value) else None
    except ValueError:
        parsed = None
    if parsed is None:
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
    str,
    Field(
        max_length=43, pattern=r"^[0-9A-Fa-f.:]{2,39}(/[0-9]{1,3})?$", examples=["203.0.113.0/24"]
    ),
    AfterValidator(_network),
]
End = Annotated[
    datetime,
    PlainValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 40}),
]


class NewApiKey(Body):
    """A key to make. No scope means no access, so at least one is demanded."""

    name: line(60, "nightly export")
    scopes: list[ScopeText] = Field(
        min_length=1, max_length=len(Scope), examples=[["read:listings", "write:offers"]]
    )
    networks: list[Network] = Field(default=[], max_length=20, examples=[["203.0.113.0/24"]])
    expires_at: End = None


class ApiKeyChange(Body):
    """What changes; a field that is left out stays. Nothing gets wider or longer."""

    name: line(60, "nightly export") = None
    scopes: list[ScopeText] = Field(
        default=None, min_length=1, max_length=len(Scope), examples=[["read:listings"]]
    )
    networks: list[Network] = Field(default=None, max_length=20, examples=[["203.0.113.0/24"]])
    expires_at: End = None


class Rotation(Body):
    """How long the old key goes on beside its successor. A compromised one ends at once."""

    overlap_seconds: int = Field(default=None, ge=0, le=86_400, examples=[3600])
    compromised: bool = Field(default=False, examples=[False])

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if self.compromised and self.overlap_seconds:
            raise PydanticCustomError("own_contradiction", "A compromised key has no overlap")
        return self


class LeakReport(Body):
    """The key that was found, as it was found."""

    key: str = Field(
        min_length=1,
        max_length=4096,
        examples=["gh_live_4fTq81XcVm0Z_…"],
        json_schema_extra=ANYTHING,
    )


class ApiKeyShown(Output):
    """A key without its text."""

    shows = ApiKey

    id: Id = stored()
    name: line(60, "nightly export") = stored()
    prefix: str = stored("public_id", max_length=20, examples=["gh_live_4fTq81XcVm0Z"])
    scopes: list[ScopeText] = stored(
        max_length=len(Scope), examples=[["read:listings", "write:offers"]]
    )
    networks: list[Network] = stored(max_length=20)
    tier: Literal["free", "partner", "internal"] = stored()
    expires_at: Moment = stored()
    created_at: Moment = stored()
    last_used_at: Moment | None = stored()
    revoked_at: Moment | None = stored(examples=[None])


class ApiKeyCreated(ApiKeyShown):
    """A new key with its text, this once."""

    key: str = classified(DataClass.SECRET, max_length=59, examples=["gh_live_4fTq81XcVm0Z_…"])


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
