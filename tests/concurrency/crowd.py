"""Many callers at one moment: each in its own thread, all released together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx

from .scene import CROWD

PATIENCE = 60.0


def at_once(
    url: str, send: Callable[[httpx.Client, int], httpx.Response], crowd: int = CROWD
) -> list[httpx.Response]:
    """The responses of `crowd` simultaneous calls of `send(client, number)`."""
    start = Barrier(crowd)
    with (
        httpx.Client(base_url=f"{url}/api/v2/", timeout=PATIENCE) as client,
        ThreadPoolExecutor(crowd) as pool,
    ):

        def one(number: int) -> httpx.Response:
            start.wait(PATIENCE)
            return send(client, number)

        return list(pool.map(one, range(crowd)))


def bearer(key: str, **headers: str) -> dict[str, Any]:
    """The headers of a request with this key."""
    return {"Authorization": f"Bearer {key}", **headers}
