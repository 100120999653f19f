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
from .versions import BY_NAME, V2, VERSIONS, Version

PATH = Path(__file__).with_name("practices.toml")
_ATTACKS = "apps.workshop.attacks"


class Layer(StrEnum):
    """At which door a practice is attacked."""

    NODE = "node"  # HTTP to the application
    START = "start"  # the process's environment
    DATA = "data"  # rows, from inside
    EDGE = "edge"  # HTTP to nginx
    CLIENT = "client"  # a sample client, whose provider lies


#: What stands outside every version, and why.
_BESIDE = {
    Layer.START: "It is the process that starts, with every version.",
    Layer.CLIENT: "It is a program that calls, and no version of what it calls.",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """A sabotage: `old` stands exactly once in `file` and becomes `new`."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Practice:
    """One row. `requires` are ids of the requirements that it meets, `risk` the OWASP API risk.

    `versions` are those on which it is attacked, all of them unless the row says otherwise and, in
    `because`, why. None: what it attacks stands outside every version, such as a page or a row.
    """

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
    versions: tuple[Version, ...] = VERSIONS
    because: str = ""

    @property
    def tried_on(self) -> tuple[Version, ...]:
        """The versions that a trial speaks to: the newest one where none is under attack."""
        return self.versions or (V2,)

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
    if "versions" in row:
        row["versions"] = tuple(BY_NAME[name] for name in row["versions"])
    elif row["layer"] in _BESIDE:
        row |= {"versions": (), "because": _BESIDE[row["layer"]]}
    if (row.get("versions", VERSIONS) != VERSIONS) != bool(row.get("because")):
        raise ValueError(f"{row['id']}: fewer versions need a reason, and nothing else has one")
    row["requires"], row["standards"] = tuple(row["requires"]), tuple(row["standards"])
    return Practice(**row, sabotage=edits)


def _function(name: str) -> Any:
    module, _, function = name.partition(".")
    return getattr(importlib.import_module(f"{_ATTACKS}.{module}"), function)
