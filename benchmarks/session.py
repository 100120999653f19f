"""One interleaved run: every stack is prepared and started, then all are loaded in turns."""

import argparse
import os
import platform
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import django
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks import load, stores
from benchmarks.databases import fresh_database
from benchmarks.ratios import rotated
from benchmarks.report import Report
from benchmarks.servers import Server, Setup, serving
from benchmarks.shared_redis import empty_redis
from benchmarks.stacks import Name, environment, prepared
from benchmarks.target import Endpoint
from benchmarks.trips import round_trips

_WARM_UP = 2  # seconds, or a round where that is shorter


def measured(options: argparse.Namespace, console: Console) -> Report:
    """Raises ServerFailed, NotEmpty or CalledProcessError; leaves nothing behind."""
    setup = Setup(options.server, options.workers, options.threads)
    endpoints = [options.endpoint] if options.endpoint else list(Endpoint)
    with ExitStack() as held, _progress(console) as progress:
        steps = len(options.only) * (1 + options.rounds * len(endpoints))
        task = progress.add_task("", total=steps)
        redis_url = held.enter_context(empty_redis())
        servers: dict[Name, Server] = {}
        report = Report(facts=_facts(options))
        for name in options.only:
            progress.update(task, description=f"preparing {name}")
            database_url = held.enter_context(fresh_database(name))
            stack = prepared(name, environment(name, database_url, redis_url, options.workers))
            progress.update(task, description=f"round trips of {name}")
            report.trips[name] = round_trips(stack)
            servers[name] = held.enter_context(serving(stack, setup))
            progress.advance(task)
        report.facts |= stores.described(database_url, redis_url)
        roots = stores.store_processes(database_url, redis_url)
        report.facts["cpu_of"] = ["service", *roots]
        for endpoint in endpoints:
            for turn in range(options.rounds):
                for name in rotated(options.only, turn):
                    progress.update(task, description=f"{endpoint}, round {turn + 1}: {name}")
                    load.run(servers[name], endpoint, min(_WARM_UP, options.seconds))
                    sample = load.measure(servers[name], endpoint, options.seconds, roots)
                    progress.console.print(report.add(endpoint, name, sample))
                    progress.advance(task)
    return report


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


def _facts(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "django": django.__version__,
        "cpus": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "server": options.server,
        "workers": options.workers,
        "threads": options.threads,
        "connections": load.CONNECTIONS,
        "rounds": options.rounds,
        "seconds": options.seconds,
    }
