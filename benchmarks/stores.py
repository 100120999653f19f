"""What PostgreSQL and Redis themselves say: which processes they are, and how they write."""

from typing import Any

import psycopg
from redis import Redis

from benchmarks.cpu import processes


def store_processes(database_url: str, redis_url: str) -> dict[str, int]:
    """The root process of each store that runs on this machine; one elsewhere is left out."""
    known = processes()
    with psycopg.connect(database_url) as connection:
        backend = processes().get(connection.info.backend_pid)
    with Redis.from_url(redis_url) as redis:
        server_id = redis.info("server")["process_id"]
    server = known.get(server_id)
    roots = {}
    if backend and backend.name.startswith("postgres"):
        roots["postgres"] = backend.parent  # every backend is a child of the postmaster
    if server and server.name.startswith(("redis", "valkey")):
        roots["redis"] = server_id
    return roots


def described(database_url: str, redis_url: str) -> dict[str, Any]:
    """Versions, and whether a commit waits for the disk: without that nothing is durable."""
    with psycopg.connect(database_url) as connection:
        postgres = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("server_version", "fsync", "synchronous_commit")
        }
        postgres["tls"] = connection.pgconn.ssl_in_use
    with Redis.from_url(redis_url) as redis:
        return {"postgres": postgres, "redis": redis.info("server")["redis_version"]}
