"""Rotation: a successor takes over while the old key lives on for an overlap, or ends at once.

The successor inherits owner, name, scopes, networks, tier and lifetime, so that rotating needs no
decision and adds no right. It never happens twice to one key: of many simultaneous calls one wins.
"""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from apps.access.challenges import CredentialRefused, Reason
from apps.access.credential import Credential, Kind, Tier
from apps.access.scopes import parse
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.core.problems import Code, FieldError, Problem, invalid

from .lifecycle import insert
from .minting import refuse_admin, refuse_wider
from .models import ApiKey

DEFAULT_OVERLAP = timedelta(hours=1)
MAX_OVERLAP = timedelta(days=1)


def rotate(
    by: Credential,
    key: ApiKey,
    *,
    overlap: timedelta = DEFAULT_OVERLAP,
    compromised: bool = False,
) -> tuple[ApiKey, str]:
    """The successor and its text, which is returned this once. `compromised` ends the old at once.

    A key rotates itself, and others no wider than itself. Raises Problem `not_permitted` for a
    wider one, `conflict` for a key that has ended or was rotated already, and CredentialRefused
    where the calling key was revoked in the meantime.
    """
    now = datetime.now(UTC)
    if not timedelta(0) <= overlap <= MAX_OVERLAP:
        raise invalid(FieldError("/overlap_seconds", "out_of_range", "It is 0 to 86400."))
    with transaction.atomic():
        rows = ApiKey.objects.locked(key.pk, by.id if by.kind is Kind.API_KEY else "")
        key = rows.get(str(key.pk))
        if key is None:
            raise Problem(Code.NOT_FOUND)
        _refuse(by, rows, key, now)
        if key.revoked_at is not None or not key.is_live(now):
            raise Problem(Code.CONFLICT, "This key has ended, or has a successor already.")
        successor, text = insert(
            user_id=key.user_id,
            name=key.name,
            scopes=key.scopes,
            networks=key.networks,
            tier=key.tier,
            expires_at=now + (key.expires_at - key.created_at),
            succeeds=key,
        )
        key.revoked_at = now if compromised else now + overlap
        key.save(update_fields=["revoked_at"])
        record(
            Verb.API_KEY_ROTATED,
            by,
            key,
            changes={"successor": str(successor.pk), "compromised": compromised},
        )
    return successor, text


def _refuse(by: Credential, rows: dict[str, ApiKey], key: ApiKey, now: datetime) -> None:
    """Nobody takes over by rotation what they could not have made, but a key goes on as itself."""
    scopes = parse(key.scopes)
    if by.kind is not Kind.API_KEY:
        refuse_admin(by, scopes, now)
    elif by.id != str(key.pk):
        own = rows.get(by.id)
        if own is None or not own.is_live(now):
            raise CredentialRefused(Reason.REVOKED, by.name)
    refuse_wider(by, scopes, key.networks, Tier(key.tier))
