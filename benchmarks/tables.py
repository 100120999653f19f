"""A report as people read it."""

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.ratios import MUST_CPU, MUST_P99, MUST_RPS, Spread
from benchmarks.report import Report, spread
from benchmarks.stacks import TITLES, Name
from benchmarks.target import Endpoint


def show(report: Report, console: Console) -> None:
    """Figures of each stack, then ours against the others."""
    console.print(_figures(report))
    if report.ratios():
        console.print(_ratios(report))
    durable = report.facts["postgres"]["synchronous_commit"] == "on"
    if not durable or report.facts["postgres"]["fsync"] != "on":
        console.print("[red]PostgreSQL does not wait for the disk: nothing here is durable.[/]")
    missing = {"postgres", "redis"} - set(report.facts["cpu_of"])
    if missing:
        console.print(
            f"[red]CPU of {' and '.join(missing)} is not counted: not on this machine.[/]"
        )
    if report.facts["load_before"] > report.facts["cpus"] / 4:
        console.print("[yellow]The machine was not idle before the run: expect noise.[/]")


def _figures(report: Report) -> Table:
    table = Table(
        title="Medians. CPU in µs a request: all, service, PostgreSQL, Redis. Then round trips",
        title_justify="left",
        box=box.SIMPLE,
    )
    for heading in ("", ""):
        table.add_column(heading, no_wrap=True)
    for heading in ("req/s", "CPU", "service", "PG", "Redis", "p50 ms", "p99 ms", "SQL", "Redis"):
        table.add_column(heading, justify="right", no_wrap=True)
    for endpoint, name in sorted(report.samples, key=_in_order):
        samples = report.sound(endpoint, name)
        trips = report.trips[name][endpoint]
        table.add_row(
            str(endpoint) if name == next(iter(report.trips)) else "",
            TITLES[name],
            _figure(spread(samples, lambda s: s.rps)),
            _figure(spread(samples, lambda s: s.cpu)),
            *(
                _figure(spread(samples, lambda s, part=part: s.cpu_us.get(part, 0.0)))
                for part in ("service", "postgres", "redis")
            ),
            _figure(spread(samples, lambda s: s.load.p50_ms), ".1f"),
            _figure(spread(samples, lambda s: s.load.p99_ms), ".1f"),
            f"{trips['sql']:.4g}",
            f"{trips['redis']:.4g}",
        )
    return table


def _ratios(report: Report) -> Table:
    table = Table(
        title="Gatehouse against the others: median of paired rounds (lowest to highest)",
        caption="req/s and CPU: above 1 is faster, cheaper. p99: above 1 is slower.",
        title_justify="left",
        box=box.SIMPLE,
        caption_justify="left",
    )
    for heading in ("", "against", "req/s", "must", "CPU", "must", "p99", "must"):
        table.add_column(heading, no_wrap=True)
    for (endpoint, name), found in sorted(report.ratios().items(), key=lambda i: _in_order(i[0])):
        least, most = MUST_RPS.get((endpoint, name)), MUST_P99.get((endpoint, name))
        dearest = MUST_CPU.get((endpoint, name))
        table.add_row(
            endpoint,
            TITLES[name],
            _ratio(found.rps) if least is None else _coloured(found.rps, found.rps.median >= least),
            f"≥ {least}" if least else "",
            _ratio(found.cpu)
            if dearest is None
            else _coloured(found.cpu, found.cpu.median <= dearest),
            f"≤ {dearest}" if dearest else "",
            _ratio(found.p99) if most is None else _coloured(found.p99, found.p99.median <= most),
            f"≤ {most}" if most else "",
        )
    return table


def _in_order(key: tuple[Endpoint, Name]) -> tuple[int, int]:
    return list(Endpoint).index(key[0]), list(Name).index(key[1])


def _figure(found: Spread | None, form: str = ".0f") -> str:
    return "void" if found is None else format(found.median, form)


def _ratio(found: Spread) -> str:
    return f"{found.median:.2f} ({found.low:.2f} to {found.high:.2f})"


def _coloured(found: Spread, good: bool) -> str:
    return f"[{'green' if good else 'red'}]{_ratio(found)}[/]"
