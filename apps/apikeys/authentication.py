"""From the text of a key to a Credential: one narrow query, then a straight list of refusals."""

from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from apps.access import scopes
from apps.access.challenges import CredentialRefused, Reason
from apps.access.credential import Credential, Kind, Tier
from apps.agencies.roles import Role
from apps.core.compiled import compiled

from . import key_format
from .digest import matches
from .key_format import KeyText
from .models import ApiKey
from .usage import note_use

#: Compared against where no key has the id, so that this takes the same work as a wrong secret.
_NO_DIGEST = bytes(32)


class Found(NamedTuple):
    """What the one query asks for."""

    id: UUID
    digest: bytes
    pepper_id: int
    scopes: list[str]
    networks: list[str]
    tier: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    user_id: UUID
    is_active: bool
    role: str | None
    agency_id: UUID | None


_COLUMNS = (
    *Found._fields[:11],
    "user__is_active",
    "user__membership__role",
    "user__membership__agency_id",
)


def resolve(text: str, address: str) -> Credential | None:
    """The credential of this key, or None where the text is no key of ours.

    Raises CredentialRefused. Nothing about a key is told before the whole key was proved: unknown
    id and wrong secret take the same exit, after the same work.
    """
    try:
        key = key_format.parse(text)
    except key_format.MalformedKey:
        raise CredentialRefused(Reason.CHECKSUM) from None
    if key is None:
        return None
    row = prove(key)
    if row is None:
        raise CredentialRefused(Reason.UNKNOWN)
    now = datetime.now(UTC)
    name = f"{Kind.API_KEY}:{row.id}"
    if row.revoked_at is not None and row.revoked_at <= now:
        raise CredentialRefused(Reason.REVOKED, name)
    if row.expires_at <= now:
        raise CredentialRefused(Reason.EXPIRED, name)
    if not row.is_active:
        raise CredentialRefused(Reason.INACTIVE, name)
    if row.networks and not _is_inside(address, row.networks):
        raise CredentialRefused(Reason.NETWORK, name)
    note_use(row.id, row.last_used_at, row.pepper_id, key.text, now)
    return Credential(
        kind=Kind.API_KEY,
        id=str(row.id),
        user_id=row.user_id,
        agency_id=row.agency_id,
        role=Role(row.role) if row.role else Role.BUYER,
        scopes=scopes.parse(row.scopes),
        tier=Tier(row.tier),
        networks=tuple(row.networks),
        expires_at=row.expires_at,
        authenticated_at=row.created_at,
        methods=("key",),
    )


def prove(key: KeyText) -> Found | None:
    """The row of a key whose whole text is right, dead or alive; None for any other."""
    found = _find(public_id=key.public_id, mode=settings.API_KEY_MODE)
    row = Found._make(found[0]) if found else None
    pepper_id, stored = (
        (row.pepper_id, bytes(row.digest)) if row else (settings.API_KEY_PEPPER_ACTIVE, _NO_DIGEST)
    )
    proved = matches(settings.API_KEY_PEPPERS, pepper_id, key.text, stored)
    return row if proved else None


@compiled(by_key=True)
def _find(*, public_id: str, mode: str) -> QuerySet:
    return ApiKey.objects.filter(public_id=public_id, mode=mode).values_list(*_COLUMNS)


def _is_inside(address: str, networks: list[str]) -> bool:
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    return any(caller in ip_network(network) for network in networks)
