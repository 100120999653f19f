"""The same pages asked of a small and a large market in turns, in one process.

In turns, because a machine's speed drifts by more than the tenth that is looked for. Django must
be set up.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import connection
from rich.progress import Progress

from apps.access.credential import Credential
from apps.agencies.models import Agency
from apps.apikeys.authentication import resolve
from apps.listings.models import Listing
from benchmarks.depths import Case, cases, path_to
from benchmarks.growth_rows import fill
from benchmarks.in_process import Caller, quiet_logs
from benchmarks.ours.seed import agents_key
from benchmarks.plans import Plan, parse
from benchmarks.target import Ask

MOST = 1.1  # times what the page costs in the small market
_AGENCIES = 50
_REQUESTS = 20  # of a page in one round
_SECONDS = 0.5  # after which a slow page's round ends early


@dataclass(frozen=True, slots=True)
class Page:
    """One page in both markets: medians in milliseconds, and the plan in the large one."""

    case: Case
    small_ms: float
    large_ms: float
    plan: Plan

    @property
    def ratio(self) -> float:
        return self.large_ms / self.small_ms

    @property
    def failed(self) -> bool:
        return self.ratio > MOST or self.plan.sequential


@dataclass(frozen=True, slots=True)
class Market:
    """One database, an agent's caller in it, and the path of every page."""

    name: str
    caller: Caller
    paths: Mapping[Case, str]


def measured(urls: Mapping[int, str], rounds: int, progress: Progress) -> list[Page]:
    """Every page, in the order of `cases`. `urls` by number of rows, the small market first."""
    with quiet_logs():
        small, large = (_market(url, rows, progress) for rows, url in urls.items())
        task = progress.add_task("asking for pages", total=rounds * 2)
        took: dict[tuple[Case, str], list[float]] = defaultdict(list)
        for turn in range(rounds):
            for market in (small, large) if turn % 2 else (large, small):
                with _connected(market.name):
                    for case, path in market.paths.items():
                        took[case, market.name] += _timed(market.caller, path)
                progress.advance(task)
        with _connected(large.name):
            plans = {case: _plan(large.caller, path) for case, path in large.paths.items()}
    return [
        Page(case, median(took[case, small.name]), median(took[case, large.name]), plans[case])
        for case in small.paths
    ]


@contextmanager
def _connected(name: str) -> Iterator[None]:
    connection.close()
    connection.settings_dict["NAME"] = name
    yield
    connection.close()


def _market(url: str, rows: int, progress: Progress) -> Market:
    name = urlsplit(url).path[1:]
    with _connected(name):
        task = progress.add_task(f"making {rows:,} listings", total=rows)
        call_command("migrate", verbosity=0)
        agencies = Agency.objects.bulk_create(Agency(name=f"Agency {n}") for n in range(_AGENCIES))
        text = agents_key(agencies[0])
        fill(rows, [agency.pk for agency in agencies], lambda done: progress.advance(task, done))
        credential: Credential = resolve(text, "127.0.0.1")
        task = progress.add_task(f"finding pages among {rows:,}", total=None)
        paths = {case: path_to(case, credential) for case in cases()}
        progress.update(task, total=1, completed=1)
    return Market(name, Caller({"Authorization": f"Bearer {text}"}), paths)


def _timed(caller: Caller, path: str) -> list[float]:
    """Milliseconds of each request, the first one left out: it warms what this page needs."""
    waiting = [caller.request(Ask("GET", path)) for _ in range(_REQUESTS + 1)]
    caller.send(waiting.pop())
    took: list[float] = []
    while waiting and sum(took) < _SECONDS * 1000:
        request = waiting.pop()
        started = time.perf_counter()
        caller.send(request)
        took.append((time.perf_counter() - started) * 1000)
    return took


def _plan(caller: Caller, path: str) -> Plan:
    """The plan of the statement that the handler itself sends for this page."""
    table = Listing._meta.db_table
    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if table in sql:
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        caller.send(caller.request(Ask("GET", path)))
    ((sql, params),) = seen
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        return parse(cursor.fetchone()[0], table)
