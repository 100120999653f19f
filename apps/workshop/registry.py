"""The registry of practices: `practices.toml`, read and checked.

A row says what is practised, where the control stands, how it is attacked, what must keep working,
and which edit removes the control. A practice whose removal goes unnoticed is not proved.
"""

import importlib
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from .attempts import Attack, Honest

PATH = Path(__file__).with_name("practices.toml")
_ATTACKS = "apps.workshop.attacks"


class Layer(StrEnum):
    """At which door a practice is attacked."""

    NODE = "node"  # HTTP to the application
    START = "start"  # the process's environment
    DATA = "data"  # rows, from inside
    EDGE = "edge"  # HTTP to nginx


@dataclass(frozen=True, slots=True)
class Edit:
    """A sabotage: `old` stands exactly once in `file` and becomes `new`."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Practice:
    """One row. `requires` are ids of the requirements that it meets, `risk` the OWASP API risk."""

    id: str
    title: str
    requires: tuple[str, ...]
    risk: str
    standards: tuple[str, ...]
    control: str
    layer: Layer
    attack: str
    honest: str
    sabotage: tuple[Edit, ...]
    new_database: bool = False  # the control is made by a migration, so its removal needs one too

    def attack_function(self) -> Attack:
        return _function(self.attack)

    def honest_function(self) -> Honest:
        return _function(self.honest)


@cache
def practices() -> tuple[Practice, ...]:
    """Every row, in the order of the file. Raises ValueError or TypeError for a malformed one."""
    rows = tuple(_practice(row) for row in _document()["practice"])
    ids = [row.id for row in rows]
    if len(set(ids)) != len(ids):
        raise ValueError("a practice id stands twice in practices.toml")
    return rows


def pending() -> dict[str, str]:
    """Requirements without a row yet, and why."""
    return {row["requirement"]: row["reason"] for row in _document()["pending"]}


def _document() -> dict[str, Any]:
    return tomllib.loads(PATH.read_text())


def _practice(row: dict[str, Any]) -> Practice:
    edits = tuple(Edit(**edit) for edit in row.pop("sabotage"))
    if not edits:
        raise ValueError(f"{row['id']} has no sabotage")
    row["layer"] = Layer(row["layer"])
    row["requires"], row["standards"] = tuple(row["requires"]), tuple(row["standards"])
    return Practice(**row, sabotage=edits)


def _function(name: str) -> Any:
    module, _, function = name.partition(".")
    return getattr(importlib.import_module(f"{_ATTACKS}.{module}"), function)
