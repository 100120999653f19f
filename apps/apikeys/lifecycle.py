"""Making, narrowing and ending keys. Every act is audited in its own transaction."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.access.challenges import CredentialRefused, Reason
from apps.access.credential import Credential, Kind, Tier
from apps.access.scopes import Scope
from apps.accounts.models import User
from apps.audit.recording import Actor, record
from apps.audit.verbs import Verb
from apps.core.problems import Code, FieldError, Problem, invalid

from .digest import digest
from .key_format import generate
from .minting import refuse_admin, refuse_longer, refuse_wider
from .models import ApiKey

DEFAULT_LIFETIME = timedelta(days=90)
MAX_LIFETIME = timedelta(days=180)


def create(
    by: Credential,
    *,
    user_id: UUID | None,
    name: str,
    scopes: Iterable[Scope],
    expires_at: datetime | None = None,
    networks: Iterable[str] = (),
    tier: Tier = Tier.FREE,
) -> tuple[ApiKey, str]:
    """A new key and its text, which is returned this once. Only the command line chooses a tier.

    Raises Problem where the scopes, networks or lifetime reach beyond what `by` may give.
    """
    if user_id is None:
        raise Problem(Code.NOT_PERMITTED, "A key belongs to a person, and none is signed in.")
    now = datetime.now(UTC)
    scopes, networks = sorted(set(scopes)), list(networks) or list(by.networks)
    tier = tier if by.kind is Kind.COMMAND else by.tier
    expires_at = expires_at or _default_end(by, now)
    refuse_admin(by, scopes, now)
    refuse_wider(by, scopes, networks, tier)
    refuse_longer(by, expires_at)
    if not now < expires_at <= now + MAX_LIFETIME:
        raise invalid(FieldError("/expires_at", "out_of_range", "A key lives 1 to 180 days."))
    with transaction.atomic():
        refuse_ended(by, now)
        key, text = insert(
            user_id=user_id,
            name=name,
            scopes=[str(scope) for scope in scopes],
            networks=networks,
            tier=tier,
            expires_at=expires_at,
        )
        record(Verb.API_KEY_CREATED, by, key, changes={"scopes": key.scopes})
    return key, text


def revoke(by: Actor, key: ApiKey, verb: Verb = Verb.API_KEY_REVOKED) -> bool:
    """End a key at once; was it still alive? Revoking twice keeps the first moment."""
    now = datetime.now(UTC)
    with transaction.atomic():
        ended = ApiKey.objects.not_revoked(now).filter(pk=key.pk).update(revoked_at=now)
        if ended:
            record(verb, by, key)
    return bool(ended)


def end_keys(by: Actor, user: User) -> None:
    """settings.KEYS_END_BY: every key of this person ends at once, those of an overlap too."""
    for key in ApiKey.objects.not_revoked(datetime.now(UTC)).filter(user=user):
        revoke(by, key)


def insert(**fields: object) -> tuple[ApiKey, str]:
    """A row with a fresh key under the active pepper, and the key's text."""
    text = generate(settings.API_KEY_MODE)
    pepper_id = settings.API_KEY_PEPPER_ACTIVE
    key = ApiKey.objects.create(
        **fields,
        mode=text.mode,
        public_id=text.public_id,
        digest=digest(settings.API_KEY_PEPPERS[pepper_id], text.text),
        pepper_id=pepper_id,
    )
    return key, text.text


def refuse_ended(by: Credential, now: datetime) -> None:
    """Raises CredentialRefused where the calling key was revoked since it came in.

    Its row is locked to the end of the transaction: a thief whose key is being revoked does not
    slip out by making another in the same moment.
    """
    if by.kind is not Kind.API_KEY:
        return
    own = ApiKey.objects.locked(by.id).get(by.id)
    if own is None or not own.is_live(now):
        raise CredentialRefused(Reason.REVOKED, by.name)


def _default_end(by: Credential, now: datetime) -> datetime:
    end = now + DEFAULT_LIFETIME
    return min(end, by.expires_at) if by.kind is Kind.API_KEY and by.expires_at else end
