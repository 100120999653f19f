"""`python -m apps.workshop.prove [ID …]`: remove each control, and see its attack succeed.

Every practice is tried in a copy of the tree with its sabotage applied, on a copy of one seeded
database. It is proved when the attack now gets what it came for while honest use still works. A
copy that does not start, crashes or breaks honest use is no proof, and fails the run.
"""

import argparse
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from subprocess import TimeoutExpired

from rich.console import Console
from rich.table import Table

from config.environment import ROOT

from . import report, workspace
from .attack import progress
from .registry import Layer, Practice, practices

REPORT = ROOT / "var" / "prove.json"
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """Proved, or why not; `evidence` is what the attack gained."""

    practice: Practice
    proved: bool
    evidence: str


def main() -> int:
    options = _arguments()
    console = Console()
    rows = [row for row in practices() if not options.ids or row.id in options.ids]
    rows = [row for row in rows if row.layer is not Layer.EDGE]
    with tempfile.TemporaryDirectory(prefix="gatehouse-") as directory:
        base = Path(directory, "base")
        with console.status("Preparing one database for all…"):
            workspace.prepare(base)
        verdicts = _prove(console, rows, base)
    _show(console, verdicts)
    proved = all(verdict.proved for verdict in verdicts)
    report.write(options.json, "prove", [_as_json(verdict) for verdict in verdicts], held=proved)
    count = sum(verdict.proved for verdict in verdicts)
    colour = "green" if proved else "red"
    console.print(f"[bold {colour}]{count} of {len(verdicts)} proved[/]. Report: {options.json}")
    return 0 if proved else 1


def _prove(console: Console, rows: list[Practice], base: Path) -> list[Verdict]:
    verdicts = {}
    with progress(console) as bar, ThreadPoolExecutor(AT_ONCE) as pool:
        task = bar.add_task("Sabotaging", total=len(rows))
        running = {pool.submit(_verdict, practice, base): practice for practice in rows}
        for future in as_completed(running):
            verdict = future.result()
            verdicts[verdict.practice.id] = verdict
            bar.update(task, description=verdict.practice.title, advance=1)
    return [verdicts[practice.id] for practice in rows]


def _verdict(practice: Practice, base: Path) -> Verdict:
    copy = base.parent / practice.id
    try:
        workspace.sabotaged(base, copy, practice.sabotage)
        if practice.new_database:
            workspace.migrate_anew(copy)
        output = workspace.run(copy, "-m", "apps.workshop.trial", practice.id)
        return _judge(practice, json.loads(output.strip().splitlines()[-1]))
    except (workspace.WorkspaceFailed, ValueError, IndexError, TimeoutExpired) as failed:
        return Verdict(practice, False, f"crashed, which proves nothing: {failed}")
    finally:
        rmtree(copy, ignore_errors=True)


def _judge(practice: Practice, trial: dict) -> Verdict:
    if trial["honest"]:
        return Verdict(practice, False, f"honest use broke: {trial['honest']}")
    gained = [a for a in trial["attempts"] if a["ending"] == "succeeded"]
    if not gained:
        seen = ", ".join(a["evidence"] for a in trial["attempts"]) or "nothing was tried"
        return Verdict(practice, False, f"the missing control went unnoticed: {seen}")
    return Verdict(practice, True, f"{gained[0]['what']}: {gained[0]['evidence']}")


def _show(console: Console, verdicts: list[Verdict]) -> None:
    table = Table(title="Controls removed, one at a time", title_justify="left", expand=True)
    table.add_column("practice", ratio=3)
    table.add_column("control", ratio=3)
    table.add_column("without it", ratio=4)
    for verdict in verdicts:
        colour = "green" if verdict.proved else "bold red"
        table.add_row(
            verdict.practice.title, verdict.practice.control, f"[{colour}]{verdict.evidence}[/]"
        )
    console.print(table)


def _as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "id": verdict.practice.id,
        "control": verdict.practice.control,
        "proved": verdict.proved,
        "evidence": verdict.evidence,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m apps.workshop.prove", description=__doc__)
    parser.add_argument("ids", nargs="*", help="only these practices")
    parser.add_argument("--json", type=Path, default=REPORT, help="where the report goes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
