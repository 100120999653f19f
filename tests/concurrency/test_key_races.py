"""Keys that are rotated, revoked and used at one moment, on real servers."""

from collections import Counter
from pathlib import Path

import httpx
import pytest

from .crowd import at_once, bearer
from .server import Server, node

pytestmark = pytest.mark.process


def me(server: Server, key: str) -> httpx.Response:
    # From elsewhere than the crowd, whose refused requests may have used up their address.
    headers = bearer(key, **{"X-Forwarded-For": "198.51.100.9"})
    return httpx.get(f"{server.url}/api/v2/me", headers=headers, timeout=30)


def own_id(server: Server, key: str) -> str:
    return me(server, key).json()["credential"]["id"]


def test_of_twenty_simultaneous_rotations_one_is_done(server: Server, scene: dict) -> None:
    key = scene["rotated"][0]
    path = f"api-keys/{own_id(server, key)}/rotate"
    responses = at_once(server.url, lambda c, n: c.post(path, headers=bearer(key)), crowd=20)

    assert Counter(r.status_code for r in responses) == {201: 1, 409: 19}
    (won,) = [r.json() for r in responses if r.status_code == 201]
    assert me(server, won["key"]).status_code == me(server, key).status_code == 200
    mine = httpx.get(f"{server.url}/api/v2/api-keys", headers=bearer(won["key"]), timeout=30)
    assert len(mine.json()["results"]) == 2


def test_a_key_rotated_as_compromised_while_it_is_used_is_dead_at_the_answer(
    server: Server, scene: dict
) -> None:
    key = scene["rotated"][1]
    path = f"api-keys/{own_id(server, key)}/rotate"

    def send(client: httpx.Client, number: int) -> httpx.Response:
        if number == 0:
            return client.post(path, json={"compromised": True}, headers=bearer(key))
        if number % 2:
            return client.get("me", headers=bearer(key))
        # A thief who holds the key tries to slip out with another one in the same moment.
        return client.post(
            "api-keys", json={"name": "mine", "scopes": ["read"]}, headers=bearer(key)
        )

    responses = at_once(server.url, send, crowd=21)

    assert responses[0].status_code == 201
    successor = responses[0].json()["key"]
    assert {r.status_code for r in responses[1:]} <= {200, 201, 401}
    assert me(server, key).json()["reason"] == "revoked"
    assert me(server, successor).status_code == 200


def test_an_end_counts_on_every_node_from_the_next_request_on(
    server: Server, scene: dict, tmp_path: Path
) -> None:
    with node(server.environment, tmp_path / "second.log") as second:
        owner = scene["rotated"][2]
        made = httpx.post(
            f"{server.url}/api/v2/api-keys",
            json={"name": "spread", "scopes": ["read"]},
            headers=bearer(owner),
            timeout=30,
        ).json()
        assert me(second, made["key"]).status_code == me(server, made["key"]).status_code == 200

        path = f"/api/v2/api-keys/{made['id']}"
        ended = httpx.delete(server.url + path, headers=bearer(owner), timeout=30)

        assert ended.status_code == 204
        assert me(second, made["key"]).json()["reason"] == "revoked"


def test_what_a_server_has_counted_is_written_when_it_ends(
    server: Server, scene: dict, tmp_path: Path
) -> None:
    key = scene["counted"]
    with node(server.environment, tmp_path / "counting.log") as counting:
        answers = [me(counting, key) for _ in range(7)]

    path = f"/api/v2/api-keys/{answers[0].json()['credential']['id']}/usage"
    usage = httpx.get(server.url + path, headers=bearer(key), timeout=30).json()

    requests = {day["route"]: day["requests"] for day in usage["days"]}
    assert requests["GET /api/v2/me"] == 7
