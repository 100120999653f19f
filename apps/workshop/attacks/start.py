"""The start: modes and stores that must not become a running service.

Each attempt starts a process on this tree's own `config`, without its .env, with a sound production
environment that has one fault.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from apps.workshop.attempts import Attempt, HonestUseBroken, judged
from apps.workshop.run import Run
from config.environment import ROOT
from config.generate_env import fresh_key, fresh_secrets

_SHORTEST_TELLING = 8  # a shorter value may stand in a message by chance: "2", "null"
_SQLITE = "sqlite:///var/db.sqlite3"
_DEVELOPMENT = {"APP_ENV": "development", "REDIS_URL": None}


def workshop_in_production(run: Run) -> Iterator[Attempt]:
    """Go live with this workshop in it."""
    run.needs_code()
    yield refused_start("in production", "WORKSHOP", {"WORKSHOP": "true"})
    yield refused_start("mode left out", "WORKSHOP", {"WORKSHOP": "true", "APP_ENV": None})


def sqlite_in_production(run: Run) -> Iterator[Attempt]:
    """Go live on the development's database."""
    run.needs_code()
    yield refused_start("SQLite", "DATABASE_URL", {"DATABASE_URL": _SQLITE})
    yield refused_start("in memory", "DATABASE_URL", {"DATABASE_URL": "sqlite://:memory:"})
    unsaid = {"DATABASE_URL": None, "APP_ENV": None}
    yield refused_start("nothing said at all", "DATABASE_URL", unsaid)


def workers_without_store(run: Run) -> Iterator[Attempt]:
    """Multiply every limit by the number of processes that count alone."""
    run.needs_code()
    for workers in ("2", "64"):
        faults = {**_DEVELOPMENT, "DATABASE_URL": _SQLITE, "WORKERS": workers}
        yield refused_start(f"{workers} workers, no Redis", "WORKERS", faults)


def no_store_in_production(run: Run) -> Iterator[Attempt]:
    """Go live with limits that every node counts for itself."""
    run.needs_code()
    yield refused_start("no Redis", "REDIS_URL", {"REDIS_URL": None, "WORKERS": "1"})
    yield refused_start("an empty one", "REDIS_URL", {"REDIS_URL": "", "WORKERS": "1"})


def letters_in_clear(run: Run) -> Iterator[Attempt]:
    """Read the reset links on their way to a relay, or find that nobody ever sent them."""
    run.needs_code()
    for what, url in (
        ("over the network", "smtp://mail.example.com:25"),
        ("to a private address", "smtp://10.0.0.25"),
        ("to nobody", None),
    ):
        yield refused_start(what, "EMAIL_URL", {"EMAIL_URL": url})


def sound_environments(run: Run) -> None:
    """A sound production environment starts, and so does a small development one."""
    run.needs_code()
    for changes in ({}, {**_DEVELOPMENT, "DATABASE_URL": _SQLITE, "WORKERS": "1"}):
        done = _started(changes)
        if done.returncode != 0:
            raise HonestUseBroken(f"a sound environment is refused: exit {done.returncode}")


def _sound() -> dict[str, str]:
    password = fresh_key().rstrip("=")
    return {
        "APP_ENV": "production",
        **fresh_secrets(),
        "ALLOWED_HOSTS": "api.example.com",
        "PUBLIC_URL": "https://api.example.com",
        "DATABASE_URL": f"postgres://gatehouse:{password}@127.0.0.1:5432/gatehouse",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "CORS_ALLOWED_ORIGINS": "https://app.example.com",
        "CORS_ALLOWED_ORIGIN_REGEXES": r"^https://[a-z0-9-]+\.preview\.example\.com$",
        "WORKERS": "4",
    }


def _started(changes: Mapping[str, str | None]) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own; None takes a variable away."""
    values = {**_sound(), **changes}
    environment = {name: value for name, value in values.items() if value is not None}
    environment |= {"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"}
    with tempfile.TemporaryDirectory(prefix="gatehouse-") as tree:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "config", Path(tree, "config"), ignore=ignored)
        return subprocess.run(
            [sys.executable, "-c", "import config.settings"],
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def refused_start(what: str, name: str, changes: Mapping[str, str | None]) -> Attempt:
    """An environment that should be refused because of the variable `name`, and without telling."""
    done = _started(changes)
    output = done.stdout + done.stderr
    told = _tells(output, changes[name]) or "Traceback" in output
    said = "names it" if name in output else "does not say why"
    return judged(
        f"{name}: {what}",
        stopped=done.returncode != 0 and name in output and not told,
        succeeded=done.returncode == 0,
        evidence=f"refused, {'tells too much' if told else said}" if done.returncode else "starts",
    )


def _tells(output: str, value: str | None) -> bool:
    return value is not None and len(value) > _SHORTEST_TELLING and value in output
