"""Copies of the tree to try things in, each with its own database, made from one that was seeded.

Nothing is ever tried in the working tree itself: a sabotage that outlived its trial would be a
hole with our name on it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.environment import ROOT
from config.generate_env import env_text, fresh_secrets, write_new

from .registry import Edit

#: What a copy needs. Version control, caches, virtual environments and state stay behind.
PARTS = ("apps", "config", "deploy", "docs", "manage.py", "pyproject.toml", ".env.example")
#: The one web origin that a copy allows.
ORIGIN = "https://app.example.com"
_LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "*.pyc")


class WorkspaceFailed(Exception):
    """A step in a copy did not end well; the message is its last line of output."""


def prepare(base: Path) -> None:
    """Make `base`: the tree, an environment of its own, a migrated and seeded SQLite database."""
    _copy_tree(base)
    values = {"APP_ENV": "development", "WORKSHOP": "true", "CORS_ALLOWED_ORIGINS": ORIGIN}
    # Whatever today is, v1 is there to be attacked.
    values["V1_SUNSET"] = "9999-12-31"
    write_new(base / ".env", env_text({**values, **fresh_secrets()}, {}))
    migrate_anew(base)


def migrate_anew(tree: Path) -> None:
    """Give a copy a database made by its own migrations, seeded by its own code."""
    shutil.rmtree(tree / "var", ignore_errors=True)
    run(tree, "manage.py", "migrate", "--verbosity", "0")
    run(tree, "manage.py", "seed_demo", "--verbosity", "0")


def sabotaged(base: Path, copy: Path, edits: tuple[Edit, ...]) -> None:
    """Make `copy`: the base with its data, and the edits applied. Raises WorkspaceFailed."""
    _copy_tree(copy)
    shutil.copy2(base / ".env", copy / ".env")
    shutil.copytree(base / "var", copy / "var")
    for edit in edits:
        file = copy / edit.file
        text = file.read_text()
        if text.count(edit.old) != 1:
            raise WorkspaceFailed(f"{edit.file}: the text to replace stands not exactly once")
        file.write_text(text.replace(edit.old, edit.new))


def run(tree: Path, *arguments: str, seconds: float = 120) -> str:
    """Run Python in a copy and return its output. Raises WorkspaceFailed on any other end."""
    done = subprocess.run(  # noqa: S603 (our own interpreter and files, no shell)
        [sys.executable, *arguments],
        cwd=tree,
        env=_plain_environment(),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no output"]
        raise WorkspaceFailed(last[0][:300])
    return done.stdout


def _copy_tree(to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, to / part, ignore=_LEFT_BEHIND)
        elif source.exists():
            shutil.copy2(source, to / part)


def _plain_environment() -> dict[str, str]:
    """Only what Python needs: the copy's own .env must decide everything else."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
    plain = {name: os.environ[name] for name in kept if name in os.environ}
    return {**plain, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONDONTWRITEBYTECODE": "1"}
