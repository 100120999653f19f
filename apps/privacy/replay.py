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
    for user_id, at in _first_times(listed).items():
        if is_applied(user_id):
            found.already.append(user_id)
        else:
            known = User.objects.filter(pk=user_id).exists()
            (found.erased if known else found.unknown).append(user_id)
            if not dry_run:
                finish(Operator(), user_id, at)
        advance(1)
    return found


def unlisted() -> list[Listed]:
    """Whom this database has erased and the list does not name, with the time. Raises ListDamaged.

    A line is there before its row: so the list was lost, or its storage is not mounted, and after
    a restore nobody would know who was erased since.
    """
    rows = Erasure.objects.values_list("begun_at", "user_id")
    known = {user_id: Listed(at, user_id) for at, user_id in rows}
    for one in erasure_list.read(settings.ERASURE_LIST):
        known.pop(one.user_id, None)
    return list(known.values())


def enlist(others: Iterable[Listed]) -> int:
    """Write those to the list whom it does not name; returns how many.

    Raises ListDamaged, or OSError as `append`. Two at once may write an entry twice, which says no
    more than once.
    """
    lacking = _first_times(others)
    for one in erasure_list.read(settings.ERASURE_LIST):
        lacking.pop(one.user_id, None)
    for user_id, at in sorted(lacking.items(), key=itemgetter(1)):
        erasure_list.append(settings.ERASURE_LIST, user_id, at)
    return len(lacking)


def is_behind() -> bool:
    """Do the list and this database name others than each other? True where it cannot be read.

    Readiness asks every few seconds: the whole list is compared when the file or the table is
    another than the last time. The table is always asked, because a restore leaves the file alone.
    """
    path = settings.ERASURE_LIST
    try:
        rows = Erasure.objects.aggregate(Count("pk"), Max("begun_at"))
        before = erasure_list.version(path)
        behind = _is_behind(path, before, *rows.values())
        if erasure_list.version(path) != before:
            # It went, or came, while it was compared: the answer may belong to neither.
            _is_behind.cache_clear()
        return behind
    except ListDamaged:
        log.exception("erasure_list_damaged")
        return True


def finish_listed() -> int:
    """Periodic: erase whoever is listed and unknown to the database; returns how many.

    They are there after a restore, and where a process was killed, or its commit failed, between
    the line and the closing of the account. A damaged list erases nobody.
    """
    try:
        # The list first: a row is written after its line, and so is here by now.
        listed = _first_times(erasure_list.read(settings.ERASURE_LIST))
    except ListDamaged:
        log.exception("erasure_list_damaged")
        return 0
    for user_id in _known():
        listed.pop(user_id, None)
    for user_id, at in listed.items():
        finish(Operator(), user_id, at)
    return len(listed)


@lru_cache(maxsize=1)
def _is_behind(path: Path, *_what_it_rests_on: object) -> bool:
    known = _known()
    listed = {one.user_id for one in erasure_list.read(path)}
    lost, lacking = known - listed, listed - known
    if lacking:
        lacking -= _known()  # whose row came after the first look
    if lost or lacking:
        fields = {"not_on_the_list": len(lost), "not_in_the_database": len(lacking)}
        log.error("erasures_differ", extra={"fields": fields})
    return bool(lost or lacking)


def _known() -> set[UUID]:
    return set(Erasure.objects.values_list("user_id", flat=True))


def _first_times(listed: Iterable[Listed]) -> dict[UUID, datetime]:
    times: dict[UUID, datetime] = {}
    for one in listed:
        times.setdefault(one.user_id, one.at)
    return times
