"""`python -m apps.workshop.attack [--url URL]`: every attack, on this tree or a running server.

Each is tried on every version of the API that has what it attacks.

Without a URL it attacks the application in this process, on a fresh database of its own. With one
it attacks that server, with the credentials of `seed_demo`; any address but loopback is refused.
Exit status: 0 when every attack was stopped and honest use works, 1 when not, 2 for a wrong call.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from config.environment import ROOT

from . import report, workspace
from .registry import Layer, Practice, practices
from .run import load_demo
from .target import InProcess, Target, Url
from .trial import Trial, tried
from .versions import VERSIONS, Version

REPORT = ROOT / "var" / "attack.json"


def main() -> int:
    options = _arguments()
    console = Console()
    if options.url:
        try:
            target = Url(options.url, options.ca)
            demo = load_demo(options.demo)
        except (ValueError, FileNotFoundError) as refused:
            console.print(f"[bold red]{refused}[/]")
            return 2
        return _attack(console, target, demo, options.json)
    with tempfile.TemporaryDirectory(prefix="gatehouse-") as directory:
        base = Path(directory, "base")
        with console.status("Preparing a database of its own…"):
            workspace.prepare(base)
        _enter(base)
        return _attack(console, InProcess(), load_demo(base / "var" / "demo.json"), options.json)


def _attack(console: Console, target: Target, demo: Mapping[str, Any], path: Path) -> int:
    rows = [row for row in practices() if row.layer is not Layer.EDGE]
    served = [version for version in VERSIONS if _answers(target, version)]
    done: list[tuple[Practice, list[Trial]]] = []
    with progress(console) as bar:
        task = bar.add_task("Attacking", total=len(rows))
        for practice in rows:
            bar.update(task, description=practice.title)
            versions = [version for version in practice.tried_on if version in served]
            trials = [tried(practice, version, target, demo) for version in versions]
            done += [(practice, trials)] if trials else []
            bar.advance(task)
    held = all(trial.holds for _, trials in done for trial in trials)
    report.show_attacks(console, done)
    report.write(path, "attack", [report.as_json(*row) for row in done], held=held)
    attempts = sum(len(trial.attempts) for _, trials in done for trial in trials)
    verdict = "[bold green]all stopped[/]" if held else "[bold red]NOT all stopped[/]"
    console.print(f"{len(done)} practices, {attempts} attempts, {verdict}. Report: {path}")
    return 0 if held else 1


def _answers(target: Target, version: Version) -> bool:
    """Does the target still serve it? After its sunset there is nothing to attack."""
    return target.send("GET", version.path("openapi.json"), {}, b"", "127.0.0.1").status != 410


def progress(console: Console) -> Progress:
    """The progress display that attack and prove share."""
    return Progress(
        TextColumn("[progress.description]{task.description}", justify="left"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def _enter(base: Path) -> None:
    """Make this process the application of the prepared copy."""
    os.chdir(base)
    for line in Path(base, ".env").read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            os.environ[name] = value.strip("'")
    os.environ["DATABASE_URL"] = f"sqlite:///{base}/var/db.sqlite3"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import logging

    import django

    django.setup()
    logging.disable(logging.CRITICAL)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m apps.workshop.attack", description=__doc__)
    parser.add_argument("--url", help="a server on loopback, such as http://localhost:8000")
    parser.add_argument("--ca", help="certificate of the authority that signed the server's")
    parser.add_argument("--demo", type=Path, default=ROOT / "var" / "demo.json")
    parser.add_argument("--json", type=Path, default=REPORT, help="where the report goes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
