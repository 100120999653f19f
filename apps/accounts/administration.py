"""What a platform admin changes about others: their role, their agency, whether they may come in.

It acts on the next request: credentials read role and activity from the database each time.
"""

from uuid import UUID

from django.db import transaction

from apps.agencies.models import Agency, Membership
from apps.agencies.roles import AGENCY_STAFF, Role
from apps.audit.recording import Actor, record
from apps.audit.verbs import Verb
from apps.core.problems import Code, FieldError, Problem, invalid

from . import ending
from .models import User

_UNCHANGED = object()


@transaction.atomic
def change(
    by: Actor,
    user: User,
    *,
    role: Role | None = None,
    agency_id: UUID | object | None = _UNCHANGED,
    active: bool | None = None,
) -> User:
    """Change what is given. Raises Problem for the own account, and for staff of no agency.

    Who is switched off is signed out everywhere and keeps no token and no key, and stays so when
    switched on again.
    """
    if by.actor == f"user:{user.pk}":
        # The last admin cannot lock themselves out, and a stolen session cannot widen itself.
        raise Problem(Code.NOT_PERMITTED, "Nobody changes their own role or activity.")
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    before = _seen(user)
    membership = Membership.objects.filter(user=user).first() or Membership(user=user, role="buyer")
    membership.role = role or membership.role
    if agency_id is not _UNCHANGED:
        membership.agency = _agency(agency_id)
    if Role(membership.role) in AGENCY_STAFF and membership.agency_id is None:
        raise invalid(FieldError("/agency", "required", "Agents and managers have an agency."))
    membership.save()
    user.is_active = user.is_active if active is None else active
    user.is_staff = user.is_superuser = membership.role == Role.PLATFORM_ADMIN
    user.save(update_fields=["is_active", "is_staff", "is_superuser"])
    if not user.is_active:
        ending.end_all(by, user)
    user = User.objects.select_related("membership").get(pk=user.pk)
    changes = {name: value for name, value in _seen(user).items() if value != before[name]}
    if changes:
        record(Verb.USER_CHANGED, by, user, changes=changes)
    return user


def _seen(user: User) -> dict[str, object]:
    membership = Membership.objects.filter(user=user).first()
    return {
        "role": membership.role if membership else str(Role.BUYER),
        "agency": str(membership.agency_id) if membership and membership.agency_id else None,
        "active": user.is_active,
    }


def _agency(agency_id: UUID | None) -> Agency | None:
    if agency_id is None:
        return None
    found = Agency.objects.filter(pk=agency_id).first()
    if found is None:
        raise invalid(FieldError("/agency", "not_found", "There is no such agency."))
    return found
