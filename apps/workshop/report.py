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


def show_attacks(console: Console, rows: Iterable[tuple[Practice, list[Trial]]]) -> None:
    """Practice, risk, versions on which it held, attempts, stopped by, evidence."""
    table = Table(title="Attacks", title_justify="left", expand=True)
    table.add_column("practice", ratio=4)
    table.add_column("risk", no_wrap=True)
    table.add_column("held on", no_wrap=True)
    table.add_column("attempts", justify="right", no_wrap=True)
    table.add_column("stopped by", ratio=4)
    table.add_column("evidence", ratio=4)
    for practice, trials in rows:
        holds = all(trial.holds for trial in trials)
        passed_over = any(trial.passed_over for trial in trials)
        table.add_row(
            practice.title,
            practice.risk,
            _versions(practice, trials),
            _count(trials),
            practice.control if holds and not passed_over else "",
            _evidence(next((t for t in trials if not t.holds), trials[-1])),
        )
    console.print(table)


def write(path: Path, kind: str, rows: list[dict[str, Any]], *, held: bool) -> None:
    """The same as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"kind": kind, "held": held, "practices": rows}, indent=2) + "\n")


def as_json(practice: Practice, trials: list[Trial]) -> dict[str, Any]:
    """One row of the JSON report; `trials` by version, "" where it is of none."""
    return {
        "id": practice.id,
        "title": practice.title,
        "risk": practice.risk,
        "standards": practice.standards,
        "control": practice.control,
        "versions": [version.name for version in practice.versions],
        "because": practice.because,
        "holds": all(trial.holds for trial in trials),
        "trials": [
            {
                "version": trial.version if practice.versions else "",
                "holds": trial.holds,
                "passed_over": trial.passed_over,
                "honest_use": trial.honest or "works",
                "attempts": [asdict(attempt) for attempt in trial.attempts],
            }
            for trial in trials
        ],
    }


def _versions(practice: Practice, trials: list[Trial]) -> str:
    if not practice.versions or any(trial.passed_over for trial in trials):
        return "–"
    return " ".join(
        f"[{'green' if trial.holds else 'bold red'}]{trial.version}[/]" for trial in trials
    )


def _count(trials: list[Trial]) -> str:
    if any(trial.passed_over for trial in trials):
        return "–"
    attempts = [attempt for trial in trials for attempt in trial.attempts]
    stopped = sum(attempt.ending is Ending.STOPPED for attempt in attempts)
    colour = "green" if all(trial.holds for trial in trials) else "bold red"
    return f"[{colour}]{stopped}/{len(attempts)}[/]"


def _evidence(trial: Trial) -> str:
    if trial.passed_over:
        return "[dim]needs the code, not a URL[/]"
    if trial.honest:
        return f"[bold red]{trial.version}: honest use broken: {trial.honest}[/]"
    wrong = [a for a in trial.attempts if a.ending is not Ending.STOPPED]
    if wrong:
        return (
            f"[bold red]{trial.version}: {wrong[0].ending}: {wrong[0].what}: {wrong[0].evidence}[/]"
        )
    return ", ".join(dict.fromkeys(attempt.evidence for attempt in trial.attempts))
