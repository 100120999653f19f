"""The list against the database: which erasures a restore has undone, and doing them again."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max

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


def unlisted(path: Path) -> dict[UUID, datetime]:
    """Whom this database has erased, and the list does not name, with the time. Raises ListDamaged.

    A line is there before its row: so the list was lost, or its storage is not mounted, and after
    a restore nobody would know who was erased since.
    """
    known = dict(Erasure.objects.values_list("user_id", "begun_at"))
    for one in erasure_list.read(path):
        known.pop(one.user_id, None)
    return known


def relist() -> int:
    """Write those to the list; returns how many. Raises ListDamaged, or OSError as `append`."""
    path = settings.ERASURE_LIST
    lost = sorted(unlisted(path).items(), key=itemgetter(1))
    for user_id, at in lost:
        erasure_list.append(path, user_id, at)
    return len(lost)


def is_behind() -> bool:
    """Do the list and this database name others than each other? True where it cannot be read.

    Readiness asks every few seconds: the whole list is compared when the file or the table is
    another than the last time. The table is always asked, because a restore leaves the file alone.
    """
    path = settings.ERASURE_LIST
    try:
        rows = Erasure.objects.aggregate(Count("pk"), Max("begun_at"))
        return _is_behind(path, erasure_list.version(path), *rows.values())
    except ListDamaged:
        log.exception("erasure_list_damaged")
        return True


def finish_listed() -> int:
    """Periodic: erase whoever is listed and unknown to the database; returns how many.

    They are there after a restore, and where a process was killed, or its commit failed, between
    the line and the closing of the account. A damaged list erases nobody.
    """
    try:
        lacking = _lacking(settings.ERASURE_LIST)
    except ListDamaged:
        log.exception("erasure_list_damaged")
        return 0
    for user_id in lacking:
        finish(Operator(), user_id)
    return len(lacking)


@lru_cache(maxsize=1)
def _is_behind(path: Path, *_what_it_rests_on: object) -> bool:
    return bool(_lacking(path) or unlisted(path))


def _lacking(path: Path) -> list[UUID]:
    # The list first: a row is written after its line, and so is here by now.
    listed = dict.fromkeys(one.user_id for one in erasure_list.read(path))
    known = set(Erasure.objects.values_list("user_id", flat=True))
    return [user_id for user_id in listed if user_id not in known]
