"""The list against the database: which erasures a restore has undone, and doing them again."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from apps.accounts.models import User
from apps.audit.actors import Operator

from . import erasure_list
from .erasure import finish, is_applied
from .erasure_list import ListDamaged, Listed
from .models import Erasure

log = logging.getLogger("gatehouse.privacy")


@dataclass(slots=True)
class Replayed:
    """Ids: erased now, erased already, and of nobody in this database."""

    erased: list[UUID] = field(default_factory=list)
    already: list[UUID] = field(default_factory=list)
    unknown: list[UUID] = field(default_factory=list)


def replay(
    listed: Iterable[Listed], *, dry_run: bool = False, advance: Callable[[int], object] = int
) -> Replayed:
    """Erase every listed person who is still there. Each is a transaction: it may be killed."""
    found = Replayed()
    for user_id in dict.fromkeys(one.user_id for one in listed):
        if is_applied(user_id):
            found.already.append(user_id)
        else:
            known = User.objects.filter(pk=user_id).exists()
            (found.erased if known else found.unknown).append(user_id)
            if not dry_run:
                finish(Operator(), user_id)
        advance(1)
    return found


def is_behind() -> bool:
    """Does the database lack the newest listed erasure? True where the list cannot be read.

    A line and a row: what readiness can ask every few seconds. `erasures replay --dry-run`
    compares the whole list.
    """
    try:
        newest = erasure_list.last(settings.ERASURE_LIST)
    except ListDamaged:
        log.exception("erasure_list_damaged")
        return True
    return newest is not None and not Erasure.objects.filter(user_id=newest.user_id).exists()
