"""What a buyer can do to the own profile. Values never enter the audit, only names of fields."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from apps.access.credential import Credential
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.core.problems import Code, Problem

from .models import BuyerProfile


def create(by: Credential, fields: Mapping[str, Any]) -> BuyerProfile:
    """The first profile of the caller. Raises 412 where another request was faster."""
    try:
        with transaction.atomic():
            profile = BuyerProfile.objects.create(user_id=by.user_id, **fields)
            record(Verb.PROFILE_CREATED, by, profile)
    except IntegrityError:
        raise Problem(Code.PRECONDITION_FAILED) from None
    return profile


def edit(by: Credential, profile: BuyerProfile, changes: Mapping[str, Any]) -> BuyerProfile:
    """Change fields. Raises 412 where someone else was faster."""
    with transaction.atomic():
        current = _locked(profile)
        for name, value in changes.items():
            setattr(current, name, value)
        current.version += 1
        current.save()
        record(Verb.PROFILE_CHANGED, by, current, changes={"fields": sorted(changes)})
    return current


def delete(by: Credential, profile: BuyerProfile) -> None:
    """Remove the profile; offers stay and show the buyer without a name."""
    with transaction.atomic():
        current = _locked(profile)
        record(Verb.PROFILE_DELETED, by, current)
        current.delete()


def reveal(by: Credential, profile: BuyerProfile, reason: str) -> BuyerProfile:
    """Show the values in clear, recorded before they leave."""
    record(Verb.PROFILE_REVEALED, by, profile, reason=reason)
    return profile


def _locked(seen: BuyerProfile) -> BuyerProfile:
    current = (
        BuyerProfile.objects.select_for_update().filter(pk=seen.pk, version=seen.version).first()
    )
    if current is None:
        raise Problem(Code.PRECONDITION_FAILED)
    return current
