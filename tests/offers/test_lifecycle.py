"""What can be done with an offer, by whom, and when no longer."""

import pytest
from django.db import IntegrityError, transaction

from apps.access.credential import Credential
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.core.problems import Problem
from apps.listings.models import Listing
from apps.listings.models import Status as ListingStatus
from apps.offers import lifecycle
from apps.offers.models import Offer, Status
from tests import world

pytestmark = pytest.mark.django_db

ACTS = {
    "accept": lifecycle.accept,
    "reject": lifecycle.reject,
    "withdraw": lifecycle.withdraw,
}


@pytest.fixture
def manager() -> Credential:
    return world.credential(world.person(Role.MANAGER))


@pytest.fixture
def listing(manager: Credential) -> Listing:
    from apps.agencies.models import Agency

    return world.listing(Agency.objects.get(pk=manager.agency_id))


@pytest.fixture
def offer(listing: Listing) -> Offer:
    return world.offer(listing, world.person())


def refusal(act: object, *arguments: object) -> str:
    with pytest.raises(Problem) as refused:
        act(*arguments)
    return refused.value.code


def verbs() -> list[str]:
    return sorted(AuditEntry.objects.values_list("verb", flat=True))


def test_accepting_sells_the_listing_and_turns_the_others_down(
    manager: Credential, listing: Listing, offer: Offer
) -> None:
    others = [world.offer(listing, world.person()) for _ in range(2)]
    gone = world.offer(listing, world.person(), status=Status.WITHDRAWN)
    elsewhere = world.offer(world.listing(listing.agency), world.person())

    lifecycle.accept(manager, offer)

    def now(row: Offer) -> str:
        return Offer.objects.get(pk=row.pk).status

    assert now(offer) == Status.ACCEPTED
    assert [now(other) for other in others] == [Status.REJECTED] * 2
    assert (now(gone), now(elsewhere)) == (Status.WITHDRAWN, Status.SUBMITTED)
    sold = Listing.objects.get(pk=listing.pk)
    assert (sold.status, sold.version) == (ListingStatus.SOLD, listing.version + 1)
    assert verbs() == ["listing.sold", "offer.accepted", "offer.rejected", "offer.rejected"]
    assert Offer.objects.get(pk=offer.pk).decided_at is not None


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.REJECTED, Status.WITHDRAWN])
def test_what_was_decided_stays_decided(
    act: object, status: str, manager: Credential, offer: Offer
) -> None:
    Offer.objects.update(status=status)

    assert refusal(act, manager, offer) == "conflict"
    assert Offer.objects.get().status == status
    assert verbs() == []


@pytest.mark.parametrize("status", sorted(set(ListingStatus) - {ListingStatus.PUBLISHED}))
def test_only_what_is_on_sale_can_be_sold(
    status: str, manager: Credential, offer: Offer, listing: Listing
) -> None:
    Listing.objects.update(status=status)

    assert refusal(lifecycle.accept, manager, offer) == "conflict"
    assert Offer.objects.get().status == Status.SUBMITTED
    assert Listing.objects.get().status == status


def test_an_offer_on_a_listing_that_was_taken_back_can_still_be_ended(
    manager: Credential, offer: Offer
) -> None:
    Listing.objects.update(status=ListingStatus.WITHDRAWN)

    assert lifecycle.reject(manager, offer).status == Status.REJECTED


@pytest.mark.parametrize(
    ("act", "status"), [("reject", Status.REJECTED), ("withdraw", Status.WITHDRAWN)]
)
def test_ending_an_offer_leaves_the_listing_on_sale(
    act: str, status: str, manager: Credential, offer: Offer
) -> None:
    ACTS[act](manager, offer)

    assert Offer.objects.get().status == status
    assert Listing.objects.get().status == ListingStatus.PUBLISHED
    assert verbs() == [f"offer.{status}"]


def test_the_database_itself_holds_one_accepted_offer_per_listing(
    offer: Offer, listing: Listing
) -> None:
    other = world.offer(listing, world.person())
    Offer.objects.filter(pk=offer.pk).update(status=Status.ACCEPTED)

    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=other.pk).update(status=Status.ACCEPTED)


@pytest.mark.parametrize("change", [{"amount": 0}, {"amount": -1}, {"status": "maybe"}], ids=str)
def test_the_database_itself_refuses_what_no_offer_can_be(offer: Offer, change: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.update(**change)


def test_a_failing_audit_undoes_the_whole_acceptance(
    manager: Credential, offer: Offer, listing: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.offer(listing, world.person())
    real = lifecycle.record

    def failing(verb: str, *arguments: object, **fields: object) -> None:
        if verb == "listing.sold":
            raise RuntimeError
        real(verb, *arguments, **fields)

    monkeypatch.setattr(lifecycle, "record", failing)
    with pytest.raises(RuntimeError):
        lifecycle.accept(manager, offer)

    assert set(Offer.objects.values_list("status", flat=True)) == {Status.SUBMITTED}
    assert Listing.objects.get().status == ListingStatus.PUBLISHED
    assert verbs() == []


def test_who_sees_which_offers(manager: Credential, offer: Offer, listing: Listing) -> None:
    elsewhere = world.offer(world.listing(world.agency()), world.person())

    def visible(who: Credential) -> set:
        return set(Offer.objects.visible_to(who))

    agent = world.credential(world.person(Role.AGENT, listing.agency))
    rival = world.credential(world.person(Role.MANAGER, elsewhere.listing.agency))
    assert visible(manager) == visible(agent) == {offer}
    assert visible(rival) == {elsewhere}
    assert visible(world.credential(offer.buyer)) == {offer}
    for role in (Role.BUYER, Role.AUDITOR, Role.PLATFORM_ADMIN):
        assert visible(world.credential(world.person(role))) == set()
    # An agency in the address book of a buyer or an auditor opens nothing.
    for role in (Role.BUYER, Role.AUDITOR):
        assert visible(world.credential(world.person(role, listing.agency))) == set()
