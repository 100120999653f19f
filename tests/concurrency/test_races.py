"""Of many simultaneous requests exactly one wins, on a real server with real threads."""

from collections import Counter

import httpx
import pytest

from tests.world import NEW_PROFILE

from .crowd import at_once, bearer
from .scene import CROWD
from .server import Server

pytestmark = pytest.mark.process


def statuses(responses: list[httpx.Response]) -> Counter:
    return Counter(response.status_code for response in responses)


def get(server: Server, key: str, path: str) -> dict:
    response = httpx.get(f"{server.url}/api/v2/{path}", headers=bearer(key), timeout=30)
    assert response.status_code == 200, response.text
    return response.json()


def test_of_fifty_simultaneous_accepts_exactly_one_succeeds(server: Server, scene: dict) -> None:
    headers = bearer(scene["manager"])
    responses = at_once(
        server.url, lambda c, n: c.post(f"offers/{scene['offers'][n]}/accept", headers=headers)
    )

    assert statuses(responses) == {200: 1, 409: CROWD - 1}
    assert {r.json()["code"] for r in responses if r.status_code == 409} == {"conflict"}
    offers = get(server, scene["manager"], "offers?limit=100")["results"]
    found = Counter(o["status"] for o in offers if o["listing"] == scene["sought"])
    assert found == {"accepted": 1, "rejected": CROWD - 1}
    assert get(server, scene["manager"], f"listings/{scene['sought']}")["status"] == "sold"


def bid(scene: dict, number: int = 0) -> dict:
    return {"listing": scene["open"][number], "amount": {"amount": "1", "currency": "USD"}}


def test_fifty_simultaneous_retries_make_one_offer(server: Server, scene: dict) -> None:
    headers = bearer(scene["buyers"][0], **{"Idempotency-Key": "one-and-the-same-key"})
    responses = at_once(server.url, lambda c, n: c.post("offers", json=bid(scene), headers=headers))

    assert set(statuses(responses)) <= {201, 409}
    made = [r for r in responses if r.status_code == 201]
    first = [r for r in made if "Idempotent-Replayed" not in r.headers]
    assert len(first) == 1
    assert {r.content for r in made} == {first[0].content}
    refused = {r.json()["code"] for r in responses if r.status_code == 409}
    assert refused <= {"request_in_progress"}
    assert len(get(server, scene["buyers"][0], "offers")["results"]) == 1


def test_of_fifty_simultaneous_bids_of_one_buyer_twenty_are_taken(
    server: Server, scene: dict
) -> None:
    def send(client: httpx.Client, number: int) -> httpx.Response:
        headers = bearer(scene["buyers"][1], **{"Idempotency-Key": f"bid-number-{number}"})
        # Each on another listing, so that only the count of the buyer's offers is raced for.
        return client.post("offers", json=bid(scene, number), headers=headers)

    responses = at_once(server.url, send)

    assert statuses(responses) == {201: 20, 429: CROWD - 20}
    assert len(get(server, scene["buyers"][1], "offers?limit=100")["results"]) == 20


def test_of_fifty_simultaneous_changes_with_one_tag_one_is_made(
    server: Server, scene: dict
) -> None:
    headers = bearer(scene["manager"], **{"If-Match": '"1a"'})
    path = f"listings/{scene['edited']}"
    responses = at_once(
        server.url, lambda c, n: c.patch(path, json={"bedrooms": n}, headers=headers)
    )

    assert statuses(responses) == {200: 1, 412: CROWD - 1}
    (won,) = [r for r in responses if r.status_code == 200]
    assert get(server, scene["manager"], path)["bedrooms"] == won.json()["bedrooms"]
    assert won.headers["ETag"] == '"2a"'


def test_of_fifty_simultaneous_first_profiles_one_is_made(server: Server, scene: dict) -> None:
    headers = bearer(scene["buyers"][2])
    responses = at_once(
        server.url, lambda c, n: c.put("buyer-profile", json=NEW_PROFILE, headers=headers)
    )

    found = statuses(responses)
    assert found[201] == 1
    assert set(found) <= {201, 412, 428}


def test_an_offer_is_accepted_or_withdrawn_and_never_both(server: Server, scene: dict) -> None:
    """Five offers, each torn at from two sides by ten callers at once."""
    sides = [("manager", "accept"), ("undecided", "withdraw")]

    def send(client: httpx.Client, number: int) -> httpx.Response:
        who, act = sides[number % 2]
        path = f"offers/{scene['torn_offers'][number // 10]}/{act}"
        return client.post(path, headers=bearer(scene[who]))

    responses = at_once(server.url, send)

    for offer in range(5):
        assert statuses(responses[offer * 10 : offer * 10 + 10]) == {200: 1, 409: 9}


def test_a_key_that_is_revoked_while_it_is_used_stops_at_once(server: Server, scene: dict) -> None:
    key = scene["buyers"][3]
    own = get(server, key, "me")["credential"]["id"]

    def send(client: httpx.Client, number: int) -> httpx.Response:
        headers = bearer(key)
        if number == 0:
            return client.delete(f"api-keys/{own}", headers=headers)
        return client.get("me", headers=headers)

    responses = at_once(server.url, send, crowd=10)

    assert responses[0].status_code == 204
    assert set(statuses(responses[1:])) <= {200, 401}
    after = httpx.get(f"{server.url}/api/v2/me", headers=bearer(key))
    assert (after.status_code, after.json()["reason"]) == (401, "revoked")
