"""Forgetting a person (GDPR, article 17): asked for, listed outside the database, then done.

The order is what keeps it: the intent is on disk before anything is changed, and every step after
it may be repeated. Wherever a process is killed after that, `tick` finishes the erasure. Until then
the account is closed, or, where its closing was not committed, no node is ready. A restored backup
meets the list in the same way (by hand: `manage.py erasures replay`).
Nobody is forgotten by the audit's entries: they hold ids, which from then on lead nowhere.
"""

import logging
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.module_loading import import_string

from apps.access.credential import Credential
from apps.accounts.forgetting import close, forget, is_forgotten
from apps.accounts.models import User
from apps.agencies.roles import Role
from apps.audit.actors import Operator
from apps.audit.recording import Actor, record
from apps.audit.verbs import Verb
from apps.core.classification import Classified
from apps.core.problems import Code, Problem

from . import erasure_list
from .models import Erasure
from .people import emptied_fields, models_of_people, names_of, rows_of

log = logging.getLogger("gatehouse.privacy")


def erase(by: Actor, user_id: UUID) -> None:
    """Forget this person now. Raises Problem: 404 for nobody, 403 for the last platform admin."""
    _begin(user_id)
    finish(by, user_id)


def finish(by: Actor, user_id: UUID, listed_at: datetime | None = None) -> None:
    """Everything after the intent, in one transaction. Done twice, it finds nothing to do.

    `listed_at` is when it was asked for, of somebody who is on the list alone.
    """
    with transaction.atomic():
        # Open offers first: their lock on a listing comes before any lock on a buyer.
        for path in settings.ERASERS:
            import_string(path)(by, user_id)
        user = User.objects.select_for_update().filter(pk=user_id).first()
        removed = {}
        if user is not None:
            removed = _removed(user_id)
            forget(user)
        now = datetime.now(UTC)
        new = {"begun_at": listed_at or now, "erased_at": now}
        Erasure.objects.update_or_create(
            user_id=user_id, defaults={"erased_at": now}, create_defaults=new
        )
        if user is not None:
            record(Verb.ACCOUNT_ERASED, by, user, changes={"removed": removed})


def is_applied(user_id: UUID) -> bool:
    """Is this person gone from this database, and does it know so?"""
    user = User.objects.filter(pk=user_id).first()
    known = Erasure.objects.filter(user_id=user_id, erased_at__isnull=False).exists()
    return known and (user is None or is_forgotten(user))


def finish_begun() -> int:
    """Periodic: finish what a process that was killed has begun; returns how many."""
    begun = list(Erasure.objects.filter(erased_at=None).values_list("user_id", flat=True))
    for user_id in begun:
        finish(Operator(), user_id)
    return len(begun)


def may_go(caller: Credential, _target: object) -> bool:
    """Not the last platform admin. Asked before anything; `erase` asks again under a lock."""
    if caller.role is not Role.PLATFORM_ADMIN:
        return True
    return _admins().exclude(pk=caller.user_id).exists()


def _admins() -> QuerySet[User]:
    admins = User.objects.filter(is_active=True, membership__role=Role.PLATFORM_ADMIN)
    return admins.order_by("pk")


def _begin(user_id: UUID) -> None:
    """Refuse, or write the intent down and close the account."""
    now = datetime.now(UTC)
    with transaction.atomic():
        # All in one order, so that of two last admins only one can go.
        locked = [admin.pk for admin in _admins().select_for_update(of=("self",))]
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise Problem(Code.NOT_FOUND)
        if locked == [user_id]:
            raise Problem(Code.NOT_PERMITTED, "The last platform admin names another one first.")
        known = Erasure.objects.filter(user_id=user_id).exists()
        if not known or not is_forgotten(user):
            _refuse_without_list()
            erasure_list.append(settings.ERASURE_LIST, user_id, now)
        Erasure.objects.get_or_create(user_id=user_id, defaults={"begun_at": now})
        close(user)


def _refuse_without_list() -> None:
    """A line on a bare mount point is hidden as soon as the list is mounted, and so is lost."""
    if not settings.ERASURE_LIST.exists() and Erasure.objects.exists():
        log.error("erasure_list_gone")
        detail = "Erasures cannot be written down at the moment. Nothing was changed."
        raise Problem(Code.UNAVAILABLE, detail, headers={"Retry-After": "60"})


def _removed(user_id: UUID) -> dict[str, int]:
    """Delete the person's rows, empty those that are kept; returns how many went, by table."""
    names = names_of(user_id)
    counts = {}
    for model, declared in models_of_people():
        rows = rows_of(model, user_id, names)
        if declared.kept:
            _emptied(model, declared, rows)
        elif gone := rows.delete()[0]:
            counts[model._meta.label_lower] = gone
    return counts


def _emptied(model: type[Model], declared: Classified, rows: QuerySet) -> None:
    values: dict[str, object] = dict.fromkeys(emptied_fields(model))
    person = model._meta.get_field(declared.person) if declared.person.isidentifier() else None
    if person is not None and person.is_relation and person.null:
        values[person.name] = None
    if values:
        rows.update(**values)
