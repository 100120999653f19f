"""How trials are shown: a table for people, JSON for programs."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from .attempts import Ending
from .registry import Practice
from .trial import Trial


def show_attacks(console: Console, rows: Iterable[tuple[Practice, Trial]]) -> None:
    """Practice, risk, attempts, stopped by, evidence."""
    table = Table(title="Attacks", title_justify="left", expand=True)
    table.add_column("practice", ratio=4)
    table.add_column("risk", no_wrap=True)
    table.add_column("attempts", justify="right", no_wrap=True)
    table.add_column("stopped by", ratio=4)
    table.add_column("evidence", ratio=4)
    for practice, trial in rows:
        table.add_row(
            practice.title,
            practice.risk,
            _count(trial),
            practice.control if trial.holds and not trial.passed_over else "",
            _evidence(trial),
        )
    console.print(table)


def write(path: Path, kind: str, rows: list[dict[str, Any]], *, held: bool) -> None:
    """The same as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"kind": kind, "held": held, "practices": rows}, indent=2) + "\n")


def as_json(practice: Practice, trial: Trial) -> dict[str, Any]:
    """One row of the JSON report."""
    return {
        "id": practice.id,
        "title": practice.title,
        "risk": practice.risk,
        "standards": practice.standards,
        "control": practice.control,
        "holds": trial.holds,
        "passed_over": trial.passed_over,
        "honest_use": trial.honest or "works",
        "attempts": [asdict(attempt) for attempt in trial.attempts],
    }


def _count(trial: Trial) -> str:
    if trial.passed_over:
        return "–"
    stopped = sum(attempt.ending is Ending.STOPPED for attempt in trial.attempts)
    colour = "green" if trial.holds else "bold red"
    return f"[{colour}]{stopped}/{len(trial.attempts)}[/]"


def _evidence(trial: Trial) -> str:
    if trial.passed_over:
        return "[dim]needs the code, not a URL[/]"
    if trial.honest:
        return f"[bold red]honest use broken: {trial.honest}[/]"
    wrong = [a for a in trial.attempts if a.ending is not Ending.STOPPED]
    if wrong:
        return f"[bold red]{wrong[0].ending}: {wrong[0].what}: {wrong[0].evidence}[/]"
    return ", ".join(dict.fromkeys(attempt.evidence for attempt in trial.attempts))
