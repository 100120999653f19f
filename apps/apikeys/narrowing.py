"""Renaming a key and narrowing it. A key is never widened: for more, a new one is made."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from apps.access.credential import Credential
from apps.access.scopes import is_within, parse
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.core.problems import Code, FieldError, Problem, invalid

from .minting import is_inside
from .models import ApiKey


def edit(by: Credential, key: ApiKey, changes: Mapping[str, Any]) -> ApiKey:
    """The key with its new `name`, `scopes`, `networks` or `expires_at`; what is not given stays.

    Raises Problem `conflict` for a key that has ended, `not_permitted` for a wider one.
    """
    now = datetime.now(UTC)
    with transaction.atomic():
        # Under its lock: two changes that are each narrower may together be wider.
        key = ApiKey.objects.select_for_update().filter(pk=key.pk).first()
        if key is None:
            raise Problem(Code.NOT_FOUND)
        if not key.is_live(now):
            raise Problem(Code.CONFLICT, "This key has ended.")
        changed = {name: value for name, value in _stored(changes) if value != getattr(key, name)}
        if not changed:
            return key
        _refuse_wider(key, changed, now)
        for name, value in changed.items():
            setattr(key, name, value)
        key.save(update_fields=[*changed])
        record(Verb.API_KEY_CHANGED, by, key, changes={"fields": sorted(changed)})
    return key


def _stored(changes: Mapping[str, Any]) -> list[tuple[str, Any]]:
    def value(name: str) -> Any:
        if name == "scopes":
            return sorted({str(scope) for scope in changes[name]})
        return changes[name]

    return [(name, value(name)) for name in changes]


def _refuse_wider(key: ApiKey, changed: Mapping[str, Any], now: datetime) -> None:
    if not is_within(parse(changed.get("scopes", ())), parse(key.scopes)):
        raise Problem(Code.NOT_PERMITTED, "A key gets no more scopes; make a new key instead.")
    if "networks" in changed and not is_inside(changed["networks"], key.networks):
        raise Problem(Code.NOT_PERMITTED, "A key gets no wider networks; make a new key instead.")
    end = changed.get("expires_at", key.expires_at)
    if end > key.expires_at:
        raise Problem(Code.NOT_PERMITTED, "A key gets no longer life; rotate it instead.")
    if end <= now:
        raise invalid(FieldError("/expires_at", "out_of_range", "To end a key now, revoke it."))
