"""ETag, If-None-Match and If-Match: no needless body, no lost update."""

import pytest

from apps.listings import lifecycle
from apps.listings.models import Listing, Status
from tests import world
from tests.api import assert_problem

from .cast import Cast


@pytest.fixture
def path(cast: Cast) -> str:
    return f"listings/{world.listing(cast.agency).pk}"


def test_a_known_state_is_not_sent_again(cast: Cast, path: str) -> None:
    first = cast.manager.get(path)
    second = cast.manager.get(path, if_none_match=first["ETag"])

    assert (second.status_code, second.content) == (304, b"")
    assert second["ETag"] == first["ETag"]
    assert second["Cache-Control"] == first["Cache-Control"]
    assert second["Vary"] == first["Vary"]


def test_a_changed_state_is_sent(cast: Cast, path: str) -> None:
    tag = cast.manager.get(path)["ETag"]
    cast.manager.patch(path, {"bedrooms": 4}, if_match=tag)
    response = cast.manager.get(path, if_none_match=tag)

    assert response.status_code == 200
    assert response["ETag"] != tag


def test_who_sees_different_members_has_a_different_tag(cast: Cast, path: str) -> None:
    own, public = cast.manager.get(path)["ETag"], cast.stranger.get(path)["ETag"]

    assert own != public
    assert cast.manager.get(path, if_none_match=public).status_code == 200
    assert cast.stranger.get(path, if_none_match=own).status_code == 200


def test_a_304_is_no_way_around_visibility(cast: Cast) -> None:
    hidden = world.listing(cast.agency, Status.DRAFT)
    for tag in ("*", '"1a"', '"1p"'):
        response = cast.stranger.get(f"listings/{hidden.pk}", if_none_match=tag)
        assert_problem(response, 404, "not_found")


def test_every_change_gives_the_tag_for_the_next_one(cast: Cast) -> None:
    response = cast.manager.post("listings", world.NEW_LISTING)
    path = response["Location"]
    for number in range(3):
        response = cast.manager.patch(path, {"bedrooms": number}, if_match=response["ETag"])
        assert response.status_code == 200
        assert cast.manager.get(path)["ETag"] == response["ETag"]
    for act in ("publish", "withdraw"):
        response = cast.manager.post(f"{path}/{act}")
        assert cast.manager.get(path)["ETag"] == response["ETag"]
    assert cast.manager.delete(path, if_match=response["ETag"]).status_code == 204


def test_accepting_an_offer_changes_the_tag_of_its_listing(cast: Cast) -> None:
    listing = world.listing(cast.agency)
    offer = world.offer(listing, cast.buyer.user)
    tag = cast.manager.get(f"listings/{listing.pk}")["ETag"]
    cast.manager.post(f"offers/{offer.pk}/accept")

    assert cast.manager.get(f"listings/{listing.pk}")["ETag"] != tag


CHANGES = [("PATCH", {"bedrooms": 9}), ("DELETE", None)]


@pytest.mark.parametrize(("method", "body"), CHANGES)
def test_a_change_without_a_tag_is_not_made(
    cast: Cast, path: str, method: str, body: object
) -> None:
    response = cast.manager.send(method, path, body)

    assert_problem(response, 428, "precondition_required", "#If-Match")
    assert Listing.objects.get().bedrooms == 3


@pytest.mark.parametrize("tag", ['"0a"', '"2a"', '"1p"', 'W/"1a"', "1a", '""', ""])
@pytest.mark.parametrize(("method", "body"), CHANGES)
def test_a_change_with_another_tag_is_not_made(
    cast: Cast, path: str, method: str, body: object, tag: str
) -> None:
    response = cast.manager.send(method, path, body, if_match=tag)

    assert_problem(response, 412, "precondition_failed")
    assert Listing.objects.get().bedrooms == 3


@pytest.mark.parametrize(("method", "body"), CHANGES)
def test_a_change_that_was_overtaken_after_its_tag_was_checked_is_not_made(
    cast: Cast, path: str, method: str, body: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another request commits between our check and our write."""
    name = {"PATCH": "edit", "DELETE": "delete"}[method]
    real = getattr(lifecycle, name)

    def overtaken(by: object, listing: Listing, *rest: object) -> object:
        Listing.objects.update(version=2, bedrooms=7)
        return real(by, listing, *rest)

    monkeypatch.setattr(lifecycle, name, overtaken)
    response = cast.manager.send(method, path, body, if_match='"1a"')

    assert_problem(response, 412, "precondition_failed")
    assert Listing.objects.get().bedrooms == 7


def test_of_two_changes_with_one_tag_one_is_made(cast: Cast, path: str) -> None:
    tag = cast.manager.get(path)["ETag"]
    first = cast.manager.patch(path, {"bedrooms": 4}, if_match=tag)
    second = cast.agent.patch(path, {"bedrooms": 5}, if_match=tag)

    assert first.status_code == 200
    assert_problem(second, 412, "precondition_failed")
    assert Listing.objects.get().bedrooms == 4


def test_who_says_what_they_have_seen_is_not_overruled_by_an_action(cast: Cast, path: str) -> None:
    response = cast.manager.post(f"{path}/withdraw", if_match='"9a"')

    assert_problem(response, 412, "precondition_failed")
    assert Listing.objects.get().status == Status.PUBLISHED
    assert cast.manager.post(f"{path}/withdraw", if_match='"1a"').status_code == 200


def test_actions_and_reads_ask_for_no_tag(cast: Cast, path: str) -> None:
    assert cast.manager.get(path).status_code == 200
    assert cast.manager.post(f"{path}/withdraw").status_code == 200


def test_a_first_profile_asks_for_no_tag_and_an_existing_one_does(cast: Cast) -> None:
    put = cast.buyer.put
    first = put("buyer-profile", world.NEW_PROFILE)
    assert first.status_code == 201

    assert_problem(put("buyer-profile", world.NEW_PROFILE), 428, "precondition_required")
    response = put("buyer-profile", world.NEW_PROFILE, if_match='"9"')
    assert_problem(response, 412, "precondition_failed")
    assert put("buyer-profile", world.NEW_PROFILE, if_match=first["ETag"]).status_code == 200


@pytest.mark.parametrize("tag", ["*", '"1"'])
def test_a_tag_of_a_profile_that_does_not_exist_fails(cast: Cast, tag: str) -> None:
    response = cast.buyer.put("buyer-profile", world.NEW_PROFILE, if_match=tag)

    assert_problem(response, 412, "precondition_failed")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_profile_is_changed_and_deleted_with_its_tag_alone(cast: Cast, method: str) -> None:
    world.profile(cast.buyer.user)
    body = {"legal_name": "Li Wei"} if method == "PATCH" else None

    assert_problem(cast.buyer.send(method, "buyer-profile", body), 428, "precondition_required")
    response = cast.buyer.send(method, "buyer-profile", body, if_match='"2"')
    assert_problem(response, 412, "precondition_failed")
    response = cast.buyer.send(method, "buyer-profile", body, if_match='"1"')
    assert response.status_code in (200, 204)


def test_lists_have_no_tag(cast: Cast) -> None:
    assert "ETag" not in cast.manager.get("listings").headers
