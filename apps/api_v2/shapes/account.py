"""Accounts as v2 takes and shows them: opening one, what an admin sees, what happened to mine."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from apps.accounts.models import User
from apps.accounts.password_policy import MAX_LENGTH, MIN_LENGTH
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.audit.verbs import Outcome, Verb
from apps.core.data_classes import DataClass, Output, classified, stored
from apps.core.inputs import Body
from apps.core.text import ANYTHING
from apps.core.values import Id, Moment, moment

RoleText = Literal["buyer", "agent", "manager", "auditor", "platform_admin"]


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise PydanticCustomError("own_wrong_format", "It is no e-mail address") from None
    return text


Email = Annotated[
    str,
    Field(
        min_length=3,
        max_length=254,
        examples=["ana@example.com"],
        json_schema_extra={"format": "email"},
    ),
    AfterValidator(_email),
]


class NewAccount(Body):
    """An account to open."""

    email: Email
    password: str = Field(
        min_length=MIN_LENGTH,
        max_length=MAX_LENGTH,
        examples=["a heron over four canals"],
        repr=False,
        json_schema_extra=ANYTHING,
    )


class UserShown(Output):
    """A user as an admin sees them."""

    shows = User

    id: Id = stored()
    email: str = stored(max_length=254, examples=["ana@example.com"])
    role: RoleText = classified(DataClass.INTERNAL)
    agency: Id | None = classified(DataClass.INTERNAL)
    active: bool = stored("is_active")
    created_at: Moment = stored("date_joined")
    last_login_at: Moment | None = stored("last_login")


class UserChange(Body):
    """What to change; the rest stays."""

    role: RoleText = None
    agency: Id | None = None
    active: bool = None


class ActivityShown(Output):
    """One thing that I did, or that happened to my account."""

    shows = AuditEntry

    id: Id = stored()
    at: Moment = stored()
    verb: Verb = stored()
    outcome: Outcome = stored()
    reason: str = stored(max_length=200, examples=["expired"])
    by: Literal["me", "another"] = classified(DataClass.INTERNAL)
    credential: str = stored(
        max_length=80,
        examples=["api_key:0198c1d4-5e2f-7a56-9145-270ce6b3bebd"],
    )
    address: str = stored(max_length=45, examples=["203.0.113.7"])
    request_id: str = stored(max_length=64, examples=["5f2b1c9e8d7a4f60"])


def shown(user: User) -> dict[str, Any]:
    """A user, read with their membership."""
    membership = getattr(user, "membership", None)
    agency = membership.agency_id if membership else None
    return {
        "id": str(user.pk),
        "email": user.email,
        "role": membership.role if membership else str(Role.BUYER),
        "agency": str(agency) if agency else None,
        "active": user.is_active,
        "created_at": moment(user.date_joined),
        "last_login_at": moment(user.last_login),
    }


def happened(entry: AuditEntry, to: UUID) -> dict[str, Any]:
    """An audit row as its person may see it. What another used, and from where, is not theirs."""
    mine = entry.actor == f"user:{to}"
    seen = mine or entry.actor == "anonymous"
    return {
        "id": str(entry.id),
        "at": moment(entry.at),
        "verb": entry.verb,
        "outcome": entry.outcome,
        "reason": entry.reason,
        "by": "me" if mine else "another",
        "credential": entry.credential if mine else "",
        "address": entry.address if seen else "",
        "request_id": entry.request_id if mine else "",
    }
