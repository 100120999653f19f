"""The credential of whoever is signed in at a page. `/api` never asks here: it ignores cookies."""

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from apps.agencies.models import Membership
from apps.agencies.roles import Role

from .credential import ANONYMOUS, SECOND_FACTORS, Credential, Kind


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person proved, and when. `method`: `password`, or a name of SECOND_FACTORS."""

    method: str
    at: datetime


def session_credential(request: HttpRequest) -> Credential:
    """Who is at this page, read from the database now; its rights are those of the role."""
    if not request.user.is_authenticated:
        return ANONYMOUS
    membership = Membership.objects.filter(user_id=request.user.pk).first()
    methods, at = _proofs(request)
    return Credential(
        kind=Kind.SESSION,
        user_id=request.user.pk,
        agency_id=membership.agency_id if membership else None,
        role=Role(membership.role) if membership else Role.BUYER,
        authenticated_at=at,
        methods=methods,
    )


def has_second_factor(request: HttpRequest) -> bool:
    """Was a second factor proved in this session, however long ago?"""
    return not SECOND_FACTORS.isdisjoint(_proofs(request)[0])


def proofs(request: HttpRequest) -> list[Proof]:
    """Everything that was proved in this session, in the order in which it was."""
    records = get_authentication_records(request, request.user)
    return [
        Proof(record.get("type", record["method"]), datetime.fromtimestamp(record["at"], UTC))
        for record in records
    ]


def _proofs(request: HttpRequest) -> tuple[tuple[str, ...], datetime | None]:
    """Every method of this session, and when the strongest was last proved."""
    proved = proofs(request)
    strong = [one.at for one in proved if one.method in SECOND_FACTORS]
    times = strong or [one.at for one in proved]
    methods = tuple(dict.fromkeys(one.method for one in proved))
    return methods, max(times) if times else None
