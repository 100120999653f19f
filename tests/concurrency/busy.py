"""People who read and write listings for as long as something else happens to their rows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from threading import Event

import httpx

from .crowd import PATIENCE, bearer

READERS, WRITERS = 2, 2
WRITTEN = 20  # listings, spread over all: the others are left to the rotation


@dataclass
class Seen:
    """`statuses` of every answer; `addresses` as last acknowledged, by listing; `wrong` reads."""

    statuses: list[int] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    reads: int = 0
    writes: int = 0


@contextmanager
def busy(url: str, scene: dict) -> Iterator[Seen]:
    """Read all and write a few until the block ends; each listing has one writer at most."""
    seen, stop, numbers = Seen(), Event(), count()
    ids = scene["listings"]
    written = ids[:: len(ids) // WRITTEN]
    first = {one: f"{number} Elm Street" for number, one in enumerate(ids)}
    seen.addresses |= first

    def asked(client: httpx.Client, method: str, listing: str, **more: object) -> httpx.Response:
        # Many people, many keys: neither an address nor a key reaches its ceiling.
        number = next(numbers)
        key = scene["keys"][number % len(scene["keys"])]
        own = {"X-Forwarded-For": f"198.51.{number // 200 % 250}.{number % 200}"}
        headers = bearer(key, **own, **({"If-Match": "*"} if more else {}))
        answer = client.request(method, f"listings/{listing}", headers=headers, **more)
        seen.statuses.append(answer.status_code)
        return answer

    def read(client: httpx.Client) -> None:
        for one in cycle(ids):
            if stop.is_set():
                return
            before = seen.addresses[one]
            answer = asked(client, "GET", one)
            seen.reads += 1
            shown = answer.json().get("street_address")
            if not str(shown).endswith("Elm Street") and before == seen.addresses[one]:
                seen.wrong.append(f"{one}: {answer.status_code}")

    def write(client: httpx.Client, mine: list[str]) -> None:
        for one in cycle(mine):
            if stop.is_set():
                return
            new = f"{next(numbers)} New Elm Street"
            if asked(client, "PATCH", one, json={"street_address": new}).status_code == 200:
                seen.addresses[one] = new
                seen.writes += 1

    with (
        httpx.Client(base_url=f"{url}/api/v2/", timeout=PATIENCE) as client,
        ThreadPoolExecutor(READERS + WRITERS) as pool,
    ):
        running = [pool.submit(read, client) for _ in range(READERS)]
        running += [pool.submit(write, client, written[n::WRITERS]) for n in range(WRITERS)]
        try:
            yield seen
        finally:
            stop.set()
        for one in running:
            one.result()
