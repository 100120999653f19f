"""Where one endpoint of ours spends its time: cProfile, in process, for who makes it faster.

Counts this process's CPU, not its waiting. The profiler taxes every call, so small functions look
dearer than they are: read the ranking here, and measure with `benchmarks.run`.
"""

import cProfile
import os
import pstats
import time
from collections.abc import Callable
from typing import Any, NamedTuple

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


class _Row(NamedTuple):
    """One function: microseconds and calls in a request."""

    own: float
    total: float
    calls: float
    place: str


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
    profile = cProfile.Profile(time.process_time)
    profile.runcall(many(_REQUESTS))
    rows = [_row(where, spent) for where, spent in pstats.Stats(profile).stats.items()]
    own = sorted(rows, key=lambda row: row.own, reverse=True)[:_SHOWN]
    console.print(_table(f"The {_SHOWN} functions with the most CPU of their own", own))
    ours = sorted(filter(_is_ours, rows), key=lambda row: row.total, reverse=True)[:_SHOWN]
    console.print(_table(f"The {_SHOWN} of this project with the most CPU, callees included", ours))


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


def _row(where: tuple[str, int, str], spent: tuple) -> _Row:
    file, line, name = where
    place = f"{_short(file)}:{line} {name}" if line else name
    _, calls, own, total, _ = spent
    return _Row(own / _REQUESTS * 1e6, total / _REQUESTS * 1e6, calls / _REQUESTS, place)


def _short(file: str) -> str:
    _, found, inside = file.rpartition("site-packages/")
    return inside if found else file.removeprefix(f"{ROOT}/")


def _is_ours(row: _Row) -> bool:
    return row.place.startswith(("apps/", "config/"))


def _table(title: str, rows: list[_Row]) -> Table:
    table = Table(title=f"{title}, a request", title_justify="left", box=box.SIMPLE)
    for heading in ("own µs", "with callees µs", "calls"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("function", overflow="fold")
    for row in rows:
        table.add_row(f"{row.own:.1f}", f"{row.total:.1f}", f"{row.calls:.1f}", row.place)
    return table
