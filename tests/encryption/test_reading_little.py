"""An answer opens what it shows and nothing else: counted, at the one place where values open."""

from collections import Counter
from collections.abc import Iterator

import pytest

from apps.agencies.roles import Role
from apps.encryption.envelope import ColumnCipher
from tests import world
from tests.api import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often a value of each column was opened."""
    counted: Counter[str] = Counter()
    unseal = ColumnCipher.unseal

    def counting(self: ColumnCipher, row_id: bytes, envelope: bytes) -> bytes:
        counted[repr(self)] += 1
        return unseal(self, row_id, envelope)

    monkeypatch.setattr(ColumnCipher, "unseal", counting)
    return counted


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("who", ["anonymous", "buyer", "rival", "platform admin"])
def test_a_page_of_listings_opens_nothing_for_the_public(
    version: str, who: str, opened: Counter[str]
) -> None:
    agency = world.agency()
    listings = [world.listing(agency) for _ in range(5)]
    roles = {"buyer": Role.BUYER, "rival": Role.MANAGER, "platform admin": Role.PLATFORM_ADMIN}
    api = Api(world.key(world.person(roles[who])) if who in roles else None)
    opened.clear()

    page = api.get(f"/api/{version}/listings")
    assert len(page.json()["results"]) == 5
    assert api.get(f"/api/{version}/listings/{listings[0].pk}").status_code == 200
    assert opened == {}


def test_a_page_of_listings_opens_the_address_for_the_own_agency(opened: Counter[str]) -> None:
    manager = world.person(Role.MANAGER)
    for _ in range(5):
        world.listing(manager.membership.agency)
    api = Api(world.key(manager))
    opened.clear()

    assert len(api.get("listings").json()["results"]) == 5
    assert opened == {"listings_listing.street_address": 5}


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_page_of_offers_opens_message_and_name_alone(version: str, opened: Counter[str]) -> None:
    manager = world.person(Role.MANAGER)
    for _ in range(4):
        world.profile(buyer := world.person())
        world.offer(world.listing(manager.membership.agency), buyer)
    api = Api(world.key(manager))
    opened.clear()

    assert len(api.get(f"/api/{version}/offers").json()["results"]) == 4
    assert opened == {"offers_offer.message": 4, "buyers_buyerprofile.legal_name": 4}


def test_who_lists_keys_users_or_the_audit_opens_nothing(opened: Counter[str]) -> None:
    world.profile(admin := world.person(Role.PLATFORM_ADMIN))
    api = Api(world.key(admin))
    opened.clear()
    for path in ("users", "api-keys", "audit/entries", "me", "me/activity"):
        assert api.get(path).status_code == 200
    assert opened == {}


def test_a_changed_listing_leaves_the_others_closed(opened: Counter[str]) -> None:
    manager = world.person(Role.MANAGER)
    listing, _ = (world.listing(manager.membership.agency) for _ in range(2))
    api = Api(world.key(manager))
    opened.clear()
    assert api.patch(f"listings/{listing.pk}", {"bedrooms": 4}, if_match='"1a"').status_code == 200
    assert set(opened) == {"listings_listing.street_address"}
    assert opened.total() <= 2
