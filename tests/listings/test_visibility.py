"""Who sees which listings: published for everyone, all of the own agency for its staff."""

import pytest

from apps.access.credential import ANONYMOUS, Credential
from apps.agencies.roles import Role
from apps.listings.models import Listing, Status
from tests import world

pytestmark = pytest.mark.django_db


def visible(credential: Credential) -> set[str]:
    return set(Listing.objects.visible_to(credential).values_list("title", flat=True))


@pytest.fixture(autouse=True)
def listings() -> None:
    for name in ("Ours", "Theirs"):
        agency = world.agency(name)
        for status in Status:
            world.listing(agency, status, title=f"{name} {status}")


def everything_of(name: str) -> set[str]:
    return {f"{name} {status}" for status in Status}


PUBLIC = {"Ours published", "Theirs published"}


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER])
def test_staff_see_all_of_their_agency_and_what_is_public(role: Role) -> None:
    agency = Listing.objects.filter(title__startswith="Ours").first().agency

    assert visible(world.credential(world.person(role, agency))) == everything_of("Ours") | PUBLIC


@pytest.mark.parametrize("role", [Role.BUYER, Role.AUDITOR, Role.PLATFORM_ADMIN])
def test_others_see_what_is_public_even_with_an_agency_in_their_address_book(role: Role) -> None:
    agency = Listing.objects.filter(title__startswith="Ours").first().agency

    assert visible(world.credential(world.person(role))) == PUBLIC
    assert visible(world.credential(world.person(role, agency))) == PUBLIC


def test_nobody_sees_what_is_public() -> None:
    assert visible(ANONYMOUS) == PUBLIC
