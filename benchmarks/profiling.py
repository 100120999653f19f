"""Where one endpoint of ours spends its time: cProfile, in process, for who makes it faster.

The profiler taxes every call, so small functions look dearer than they are: read the ranking here
and measure with `benchmarks.run`. Waiting for PostgreSQL and Redis appears as the time of whatever
function waits.
"""

import cProfile
import os
import pstats
import time
from collections.abc import Callable
from typing import Any

import django
from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.databases import fresh_database
from benchmarks.shared_redis import empty_redis
from benchmarks.stacks import Name, Stack, environment, prepared
from benchmarks.target import Endpoint
from config.environment import ROOT

_WARM_UP = 50
_REQUESTS = 400
_SHOWN = 30


def show(endpoint: Endpoint, console: Console) -> None:
    """Prints the SQL of a request, its time without the profiler, and the dearest functions."""
    with empty_redis() as redis_url, fresh_database("profile") as database_url:
        with console.status("preparing"):
            stack = prepared(Name.OURS, environment(Name.OURS, database_url, redis_url, 1))
        os.environ.update(stack.environment)
        django.setup()
        from django.db import connection

        from benchmarks.in_process import quiet_logs

        with quiet_logs():
            _show(stack, endpoint, console)
        connection.close()


def _show(stack: Stack, endpoint: Endpoint, console: Console) -> None:
    from django.db import connection

    from benchmarks.in_process import Caller

    ask, caller = stack.target.ask(endpoint), Caller(stack.target.headers)

    def many(count: int) -> Callable[[], None]:
        """A run of requests that are made beforehand."""
        waiting = [caller.request(ask) for _ in range(count)]

        def send() -> None:
            for request in waiting:
                caller.send(request)

        return send

    many(_WARM_UP)()
    statements: list[tuple[str, float]] = []
    with connection.execute_wrapper(_noting(statements)):
        many(1)()
    console.print(_sql(statements))
    timed = many(_REQUESTS)
    started, busy = time.perf_counter(), time.process_time()
    timed()
    wall = (time.perf_counter() - started) / _REQUESTS * 1e6
    cpu = (time.process_time() - busy) / _REQUESTS * 1e6
    console.print(f"{endpoint}: {wall:.0f} µs a request, of which {cpu:.0f} µs on this CPU\n")
    profile = cProfile.Profile()
    profile.runcall(many(_REQUESTS))
    console.print(_functions(profile))


def _noting(statements: list[tuple[str, float]]) -> Callable:
    def execute(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            statements.append((sql, (time.perf_counter() - started) * 1e6))

    return execute


def _sql(statements: list[tuple[str, float]]) -> Table:
    # BEGIN and COMMIT go to the driver directly and are not among them.
    table = Table(title="SQL of one request", title_justify="left", box=box.SIMPLE)
    table.add_column("µs", justify="right")
    table.add_column("statement, values left out", overflow="fold")
    for sql, took in statements:
        table.add_row(f"{took:.0f}", sql)
    return table


def _functions(profile: cProfile.Profile) -> Table:
    title = f"The {_SHOWN} functions with the most time of their own, per request"
    table = Table(title=title, title_justify="left", box=box.SIMPLE)
    for heading in ("own µs", "with callees µs", "calls"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("function", overflow="fold")
    rows = pstats.Stats(profile).stats.items()
    dearest = sorted(rows, key=lambda row: row[1][2], reverse=True)[:_SHOWN]
    for (file, line, name), (_, calls, own, total, _) in dearest:
        place = f"{_short(file)}:{line} {name}" if line else name
        figures = (own * 1e6, total * 1e6, calls)
        table.add_row(*(f"{figure / _REQUESTS:.1f}" for figure in figures), place)
    return table


def _short(file: str) -> str:
    _, found, inside = file.rpartition("site-packages/")
    return inside if found else file.removeprefix(f"{ROOT}/")
