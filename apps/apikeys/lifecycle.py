"""Making and ending keys. Every act is audited in its own transaction."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.access.credential import Credential, Kind, Tier
from apps.access.scopes import Scope, is_within
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.core.problems import Code, FieldError, Problem, invalid

from .digest import digest
from .key_format import generate
from .models import ApiKey

DEFAULT_LIFETIME = timedelta(days=90)
MAX_LIFETIME = timedelta(days=180)


def create(
    by: Credential,
    *,
    user_id: UUID,
    name: str,
    scopes: Iterable[Scope],
    expires_at: datetime | None = None,
    networks: Iterable[str] = (),
    tier: Tier = Tier.FREE,
) -> tuple[ApiKey, str]:
    """A new key and its text, which is returned this once.

    Raises Problem where the scopes, networks or lifetime reach beyond what `by` may give.
    """
    now = datetime.now(UTC)
    scopes, networks = sorted(set(scopes)), list(networks)
    expires_at = expires_at or _default_end(by, now)
    if by.kind is not Kind.COMMAND:
        _refuse_wider(by, scopes, networks, expires_at)
        tier, networks = by.tier, networks or list(by.networks)
    if not now < expires_at <= now + MAX_LIFETIME:
        raise invalid(FieldError("/expires_at", "out_of_range", "A key lives 1 to 180 days."))
    text = generate(settings.API_KEY_MODE)
    pepper_id = settings.API_KEY_PEPPER_ACTIVE
    with transaction.atomic():
        key = ApiKey.objects.create(
            user_id=user_id,
            name=name,
            mode=text.mode,
            public_id=text.public_id,
            digest=digest(settings.API_KEY_PEPPERS[pepper_id], text.text),
            pepper_id=pepper_id,
            scopes=[str(scope) for scope in scopes],
            networks=networks,
            tier=tier,
            expires_at=expires_at,
        )
        record(Verb.API_KEY_CREATED, by, key, changes={"scopes": key.scopes})
    return key, text.text


def revoke(by: Credential, key: ApiKey) -> None:
    """End a key at once. Revoking twice keeps the first moment."""
    with transaction.atomic():
        ended = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(
            revoked_at=datetime.now(UTC)
        )
        if ended:
            record(Verb.API_KEY_REVOKED, by, key)


def _default_end(by: Credential, now: datetime) -> datetime:
    end = now + DEFAULT_LIFETIME
    return min(end, by.expires_at) if by.kind is Kind.API_KEY and by.expires_at else end


def _refuse_wider(
    by: Credential, scopes: list[Scope], networks: list[str], expires_at: datetime
) -> None:
    """A credential never gives more than it has, by any path (API5)."""
    if any(scope.partition(":")[0] == "admin" for scope in scopes):
        raise Problem(
            Code.SECOND_FACTOR_REQUIRED,
            "Keys with an admin scope are made after signing in with a second factor, "
            "or with manage.py apikey create.",
        )
    if not is_within(scopes, by.scopes):
        raise Problem(Code.NOT_PERMITTED, "A key cannot be given scopes that its maker lacks.")
    if by.networks and not _inside(networks, by.networks):
        raise Problem(Code.NOT_PERMITTED, "A key cannot reach beyond the networks of its maker.")
    if by.kind is Kind.API_KEY and by.expires_at and expires_at > by.expires_at:
        raise Problem(Code.NOT_PERMITTED, "A key cannot outlive the key that makes it.")


def _inside(networks: list[str], allowed: Iterable[str]) -> bool:
    wide = [ip_network(text) for text in allowed]
    return all(
        any(n.version == w.version and n.subnet_of(w) for w in wide)
        for n in map(ip_network, networks)
    )
