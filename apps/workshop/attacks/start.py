"""The start: environments that must not become a running service.

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


def placeholder_secret(run: Run) -> Iterator[Attempt]:
    """Go live with a secret that everyone has read in a tutorial, long enough to pass for one."""
    run.needs_code()
    for name, value in (
        ("SECRET_KEY", f"change-me-{fresh_key()}{fresh_key()}"),
        ("AUDIT_KEY", f"change-me{fresh_key()[9:]}"),
        ("FIELD_KEYS", f"1:change_me{fresh_key()[9:]}"),
        ("DATABASE_URL", "postgres://gatehouse:change-me@127.0.0.1:5432/gatehouse"),
    ):
        yield _refused_start("a placeholder", name, {name: value})


def short_secret(run: Run) -> Iterator[Attempt]:
    """Go live with a signing secret that can be searched for."""
    run.needs_code()
    for length in (6, 32, 49):
        value = (fresh_key() + fresh_key())[:length]
        yield _refused_start(f"{length} characters", "SECRET_KEY", {"SECRET_KEY": value})


def short_key(run: Run) -> Iterator[Attempt]:
    """Go live with keys of half the length."""
    run.needs_code()
    half = fresh_key()[:22]
    whole = f"{half[:-1]}A"  # canonical base64 of 16 bytes
    yield _refused_start("16 bytes", "AUDIT_KEY", {"AUDIT_KEY": whole})
    yield _refused_start("16 bytes", "FIELD_KEYS", {"FIELD_KEYS": f"1:{whole}"})
    yield _refused_start("16 bytes", "API_KEY_PEPPERS", {"API_KEY_PEPPERS": f"1:{whole}"})


def equal_keys(run: Run) -> Iterator[Attempt]:
    """Go live with one key for two purposes."""
    run.needs_code()
    key = fresh_key()
    ring = f"1:{key}"
    yield _refused_start(
        "the audit key encrypts too", "FIELD_KEYS", {"AUDIT_KEY": key, "FIELD_KEYS": ring}
    )
    yield _refused_start(
        "the pepper encrypts too", "API_KEY_PEPPERS", {"FIELD_KEYS": ring, "API_KEY_PEPPERS": ring}
    )
    long = (key + fresh_key()).replace("=", "A")
    yield _refused_start(
        "the signing key seals the audit", "AUDIT_KEY", {"SECRET_KEY": long, "AUDIT_KEY": long}
    )


def missing_pepper(run: Run) -> Iterator[Attempt]:
    """Go live without a pepper, and see whether the service makes one up."""
    run.needs_code()
    name = "API_KEY_PEPPERS"
    yield _refused_start("unset", name, {name: None})
    yield _refused_start("empty", name, {name: ""})
    yield _refused_start("a file that is not there", name, {name: None, f"{name}_FILE": "no/file"})


def wildcard_host(run: Run) -> Iterator[Attempt]:
    """Go live answering to any name."""
    run.needs_code()
    for hosts in ("*", ".gatehouse.test", "*.gatehouse.test", "api.example.com,*"):
        yield _refused_start(hosts, "ALLOWED_HOSTS", {"ALLOWED_HOSTS": hosts})


def wildcard_origin(run: Run) -> Iterator[Attempt]:
    """Go live with the API open to every page."""
    run.needs_code()
    for origins in ("*", "https://*.example.com", "https://app.example.com,*"):
        yield _refused_start(origins, "CORS_ALLOWED_ORIGINS", {"CORS_ALLOWED_ORIGINS": origins})


def null_origin(run: Run) -> Iterator[Attempt]:
    """Go live with the API open to every sandboxed frame."""
    run.needs_code()
    for origins in ("null", "NULL", "https://app.example.com,null"):
        yield _refused_start(origins, "CORS_ALLOWED_ORIGINS", {"CORS_ALLOWED_ORIGINS": origins})


def http_origin(run: Run) -> Iterator[Attempt]:
    """Go live trusting pages that anyone on the way can rewrite."""
    run.needs_code()
    for name, value in (
        ("CORS_ALLOWED_ORIGINS", "http://app.example.com"),
        ("CORS_ALLOWED_ORIGINS", "HTTP://app.example.com:8080"),
        ("PUBLIC_URL", "http://api.example.com"),
    ):
        yield _refused_start(value, name, {name: value})


def open_expression(run: Run) -> Iterator[Attempt]:
    """Go live with an expression that a stranger's origin matches as well."""
    run.needs_code()
    name = "CORS_ALLOWED_ORIGIN_REGEXES"
    for expression in (
        r"^https://[a-z]+\.example\.com",
        r"https://[a-z]+\.example\.com$",
        r"^https://[a-z]+\.example\.com$|https://a\.example\.org$",
        r"^https://.*\.example\.com$",
    ):
        yield _refused_start(expression, name, {name: expression})


def workshop_in_production(run: Run) -> Iterator[Attempt]:
    """Go live with this workshop in it."""
    run.needs_code()
    yield _refused_start("in production", "WORKSHOP", {"WORKSHOP": "true"})
    yield _refused_start("mode left out", "WORKSHOP", {"WORKSHOP": "true", "APP_ENV": None})


def sqlite_in_production(run: Run) -> Iterator[Attempt]:
    """Go live on the development's database."""
    run.needs_code()
    yield _refused_start("SQLite", "DATABASE_URL", {"DATABASE_URL": _SQLITE})
    yield _refused_start("in memory", "DATABASE_URL", {"DATABASE_URL": "sqlite://:memory:"})
    unsaid = {"DATABASE_URL": None, "APP_ENV": None}
    yield _refused_start("nothing said at all", "DATABASE_URL", unsaid)


def workers_without_store(run: Run) -> Iterator[Attempt]:
    """Multiply every limit by the number of processes that count alone."""
    run.needs_code()
    for workers in ("2", "64"):
        faults = {**_DEVELOPMENT, "DATABASE_URL": _SQLITE, "WORKERS": workers}
        yield _refused_start(f"{workers} workers, no Redis", "WORKERS", faults)


def no_store_in_production(run: Run) -> Iterator[Attempt]:
    """Go live with limits that every node counts for itself."""
    run.needs_code()
    yield _refused_start("no Redis", "REDIS_URL", {"REDIS_URL": None, "WORKERS": "1"})
    yield _refused_start("an empty one", "REDIS_URL", {"REDIS_URL": "", "WORKERS": "1"})


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


def _refused_start(what: str, name: str, changes: Mapping[str, str | None]) -> Attempt:
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
