"""A process that is killed in the middle of a request leaves no offer, and no ghost."""

import json
import subprocess
from typing import Any

import httpx
import pytest

from .crowd import bearer
from .server import Server

pytestmark = pytest.mark.process

KEY = "the-key-of-the-killed"
PEOPLE = """
import django; django.setup()
from tests import world
print(world.key(world.person(email='killed@example.com')), world.listing(world.agency()).pk)
"""
LEASE_RUNS_OUT = """
import django; django.setup()
from datetime import UTC, datetime
from apps.idempotency.models import FirstAnswer
print(FirstAnswer.objects.filter(key='the-key-of-the-killed').update(held_until=datetime.now(UTC)))
"""


def test_the_retry_of_a_killed_request_waits_for_its_lease_and_then_bids_once(
    server: Server,
) -> None:
    key, listing = server.run("-c", PEOPLE).split()
    body = json.dumps({"listing": listing, "amount": {"amount": "1", "currency": "USD"}})
    with pytest.raises(subprocess.CalledProcessError) as died:
        server.run("-m", "tests.concurrency.killed", key, body, KEY)
    assert died.value.returncode == -9

    def ask(method: str, **more: Any) -> httpx.Response:
        headers = bearer(key, **{"Idempotency-Key": KEY, "Content-Type": "application/json"})
        return httpx.request(method, f"{server.url}/api/v2/offers", headers=headers, **more)

    assert ask("GET").json()["results"] == []
    waiting = ask("POST", content=body)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "request_in_progress")
    assert int(waiting.headers["Retry-After"]) >= 1

    assert server.run("-c", LEASE_RUNS_OUT).strip() == "1"
    made = ask("POST", content=body)
    again = ask("POST", content=body)

    assert made.status_code == again.status_code == 201
    assert "Idempotent-Replayed" not in made.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.content == made.content
    assert len(ask("GET").json()["results"]) == 1
