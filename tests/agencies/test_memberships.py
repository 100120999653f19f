"""One role per user, from a closed set; staff always have an agency."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from apps.agencies.models import Membership
from apps.agencies.roles import AGENCY_STAFF, EVERYONE, Role
from tests import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted(AGENCY_STAFF))
def test_staff_without_an_agency_cannot_be(role: Role) -> None:
    user = world.person()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, role=role, agency=None)


@pytest.mark.parametrize("role", ["root", "", "Manager", "superuser"])
def test_a_role_outside_the_set_cannot_be(role: str) -> None:
    user = world.person()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, role=role, agency=world.agency())


def test_nobody_has_two_roles() -> None:
    user = world.person(Role.MANAGER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, role=Role.AUDITOR)


def test_an_agency_with_people_or_listings_is_not_deleted() -> None:
    staffed, listed = world.agency(), world.agency()
    world.person(Role.AGENT, staffed)
    world.listing(listed)
    for agency in (staffed, listed):
        with pytest.raises(ProtectedError):
            agency.delete()


def test_two_agencies_do_not_share_a_name() -> None:
    world.agency("Ours")
    with pytest.raises(IntegrityError), transaction.atomic():
        world.agency("Ours")


def test_the_roles_are_those_of_the_contract() -> None:
    assert set(EVERYONE) == {"buyer", "agent", "manager", "auditor", "platform_admin"}
    assert set(AGENCY_STAFF) == {"agent", "manager"}
