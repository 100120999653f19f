"""SQL and Redis round trips per request, counted on the wire outside the timed rounds."""

from urllib.parse import urlsplit

from benchmarks.databases import moved
from benchmarks.servers import Program, Setup, serving
from benchmarks.stacks import Stack
from benchmarks.target import Endpoint
from benchmarks.wire import relay

_WARM_UP = 5
_COUNTED = 40

Trips = dict[Endpoint, dict[str, float]]


def round_trips(stack: Stack) -> Trips:
    """`{endpoint: {"sql": 2.0, "redis": 1.0}}`, the mean of 40 requests on warm connections."""
    database, redis = stack.environment["DATABASE_URL"], stack.environment["REDIS_URL"]
    with (
        relay(*_place(database, 5432)) as sql_relay,
        relay(*_place(redis, 6379)) as redis_relay,
    ):
        seen = {
            "DATABASE_URL": moved(database, sql_relay.port),
            "REDIS_URL": moved(redis, redis_relay.port),
        }
        counted: Trips = {}
        with serving(stack, Setup(Program.GUNICORN, 1, 1), seen) as server:
            for endpoint in Endpoint:
                ask = stack.target.ask(endpoint)
                for _ in range(_WARM_UP):
                    server.send(ask)
                before = sql_relay.trips, redis_relay.trips
                for _ in range(_COUNTED):
                    server.send(ask)
                after = sql_relay.trips, redis_relay.trips
                counted[endpoint] = {
                    "sql": (after[0] - before[0]) / _COUNTED,
                    "redis": (after[1] - before[1]) / _COUNTED,
                }
        return counted


def _place(url: str, default_port: int) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or default_port
