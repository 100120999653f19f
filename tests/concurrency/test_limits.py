"""Limits on two real processes that share one Redis, and on the same two when it is gone."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

import httpx
import pytest

from .crowd import PATIENCE, bearer
from .redis_server import PrivateRedis
from .server import Server, serving

pytestmark = pytest.mark.process

THREADS = 50
MOST_SECONDS = 30.0


@pytest.fixture(scope="module")
def own_redis() -> Iterator[PrivateRedis]:
    with PrivateRedis() as running:
        yield running


@pytest.fixture(scope="module")
def limited(own_redis: PrivateRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two workers that trust no proxy: we are the world."""
    folder = tmp_path_factory.mktemp("limited")
    with serving(folder, REDIS_URL=own_redis.url, TRUSTED_PROXIES="") as running:
        yield running


@pytest.fixture(scope="module")
def people(limited: Server) -> list[str]:
    """Keys, of a person each."""
    make = (
        "import django; django.setup(); from tests import world; "
        "print(*[world.key(world.person(email=f'{n}@limits.example.com')) for n in range(5)])"
    )
    return limited.run("-c", make).split()


def flood(
    server: Server, times: int, headers: Callable[[int], dict[str, str]], path: str
) -> tuple[list[httpx.Response], float]:
    """The answers of so many requests by fifty threads, and how many seconds that took."""
    with (
        httpx.Client(base_url=f"{server.url}/api/v2/", timeout=PATIENCE) as client,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        began = time.monotonic()
        answers = list(pool.map(lambda n: client.get(path, headers=headers(n)), range(times)))
        return answers, time.monotonic() - began


def assert_within(answers: list, seconds: float, status: int, burst: int, rate: float) -> None:
    """No more were served than the burst and what came back meanwhile, and no fewer."""
    served = sum(answer.status_code == status for answer in answers)
    assert burst <= served <= burst + rate * seconds + 1
    refused = [answer for answer in answers if answer.status_code != status]
    assert {answer.status_code for answer in refused} == {429}
    assert {answer.json()["code"] for answer in refused} <= {"rate_limited", "penalized"}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)


def test_fifty_threads_on_two_processes_pass_one_limit(limited: Server, people: list[str]) -> None:
    answers, seconds = flood(limited, 300, lambda n: bearer(people[0]), "me")

    assert_within(answers, seconds, 200, burst=120, rate=10)
    other = httpx.get(f"{limited.url}/api/v2/me", headers=bearer(people[1]))
    assert other.status_code == 200


def test_claiming_other_addresses_changes_nothing(limited: Server) -> None:
    names = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP"]

    def headers(number: int) -> dict[str, str]:
        value = f"203.0.113.{number % 250}"
        return {name: f"for={value}" if name == "Forwarded" else value for name in names}

    answers, seconds = flood(limited, 130, headers, "me")

    assert_within(answers, seconds, 401, burst=60, rate=2)


def test_redis_is_killed_under_load_and_comes_back_empty(
    limited: Server, own_redis: PrivateRedis, people: list[str]
) -> None:
    form = Form(limited)
    assert form.try_to_log_in().status_code == 200
    stop, statuses = Event(), []

    def read(key: str) -> None:
        with httpx.Client(timeout=PATIENCE, headers=bearer(key)) as client:
            while not stop.is_set():
                statuses.append(client.get(f"{limited.url}/api/v2/me").status_code)

    with ThreadPoolExecutor(3) as pool:
        for key in people[2:5]:
            pool.submit(read, key)
        try:
            until(lambda: len(statuses) > 20)
            own_redis.kill()
            at_the_kill = len(statuses)
            refused = form.try_to_log_in()
            assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
            assert int(refused.headers["Retry-After"]) >= 1
            # Served from the memory of each process, and limited there.
            until(lambda: 200 in statuses[at_the_kill:])
            until(lambda: 429 in statuses[at_the_kill:])
            own_redis.start()
            until(lambda: events(limited).count("limit_store_recovered") >= 1)
            until(lambda: any(key.startswith(b"gh:limit:") for key in own_redis.names()))
            until(lambda: form.try_to_log_in().status_code == 200)
        finally:
            stop.set()

    assert set(statuses) <= {200, 429}
    # One line for each of the two processes, however many requests met the outage.
    assert 1 <= events(limited).count("limit_store_unavailable") <= 2
    assert events(limited).count("limit_store_recovered") <= 2


class Form:
    """The login form, as a browser sends it."""

    def __init__(self, server: Server) -> None:
        self._client = httpx.Client(base_url=server.url, timeout=PATIENCE)
        page = self._client.get("/accounts/login/").text
        self._token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        self._numbers = count()

    def try_to_log_in(self) -> httpx.Response:
        form = {
            "csrfmiddlewaretoken": self._token,
            "login": f"{next(self._numbers)}@nobody.example.com",
            "password": "wrong",
        }
        return self._client.post("/accounts/login/", data=form)


def events(server: Server) -> list[str]:
    return re.findall(r'"event":"(limit_store_\w+)"', server.log.read_text())


def until(holds: Callable[[], bool]) -> None:
    """Wait for it, but not for ever."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < MOST_SECONDS
        Event().wait(0.05)
