"""The files of this repository, and what a Python file imports."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from config.environment import ROOT

#: Where git cannot say what belongs to the tree: what its .gitignore names.
_NOT_OURS = {
    *(
        ".git",
        ".venv",
        ".venv-edge",
        ".venv-bench",
        ".venv-schema",
        ".venv-browser",
        ".venv-clients",
        "var",
        "__pycache__",
        "node_modules",
    ),
    *(".hypothesis", ".ruff_cache", ".pytest_cache"),
}


@cache
def tracked() -> tuple[Path, ...]:
    """What is, or would be, under version control; relative to the root."""
    return tuple(path for path in _listed() or _walked() if (ROOT / path).is_file())


def _listed() -> list[Path]:
    """By git; nothing where there is no git, no repository, or one that git does not trust."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [Path(name) for name in done.stdout.split("\0") if name]


def _walked() -> list[Path]:
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
    return [path for path in found if not _NOT_OURS & set(path.parts) and path.name != ".env"]


def python_files(*tops: str) -> list[Path]:
    """Those below the given directories, or all."""
    found = [path for path in tracked() if path.suffix == ".py"]
    return [path for path in found if not tops or path.parts[0] in tops]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_bytes(), filename=str(path))


def imports(path: Path) -> Iterator[str]:
    """Every module that the file names, relative ones resolved. `from a import b` gives `a.b`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.with_suffix("").parts[: -node.level] if node.level else ()
            base = ".".join([*package, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in the file, with the last name of what is called."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            called = node.func
            yield getattr(called, "attr", getattr(called, "id", "")), node
