"""A room imports only rooms above it, so that each can be read, tested and removed by itself."""

from pathlib import Path

import pytest

from config.environment import ROOT

from .tree import imports, python_files

#: From the top down. `config` wires them all.
FLOORS = (
    "core",
    "audit",
    "encryption",
    "ratelimits",
    "idempotency",
    "agencies",
    "accounts",
    "access",
    "apikeys",
    "oauth",
    "privacy",
    "listings",
    "buyers",
    "offers",
    "demo",
    "schema",
    "api_v1",
    "api_v2",
    "portal",
    "workshop",
)
#: Two versions of the API share the rooms above them and nothing else.
APART = {"api_v1": "api_v2", "api_v2": "api_v1"}
#: The workshop copies the whole tree and starts it from outside.
READS_CONFIG = {"workshop"}
#: Formats and algorithms: these, and all they import, know no framework and no table.
PURE = (
    "access/scopes.py",
    "agencies/roles.py",
    "apikeys/digest.py",
    "apikeys/key_format.py",
    "audit/checkpoint.py",
    "audit/entry_mac.py",
    "audit/proofs.py",
    "audit/tree.py",
    "audit/verbs.py",
    "buyers/masking.py",
    "core/ids.py",
    "core/strict_json.py",
    "demo/homes.py",
    "demo/places.py",
    "encryption/blind_index.py",
    "encryption/envelope.py",
    "encryption/errors.py",
    "encryption/keys.py",
    "encryption/normal_forms.py",
    "ratelimits/gcra.py",
    "ratelimits/policies.py",
)


def room_of(path: Path) -> str:
    return path.parts[1]


def rooms_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("apps.")}


def in_rooms() -> list[Path]:
    return [path for path in python_files("apps") if len(path.parts) > 2]


def test_every_room_has_its_floor():
    assert {room_of(path) for path in in_rooms()} <= set(FLOORS)


@pytest.mark.parametrize("room", FLOORS)
def test_a_room_imports_only_rooms_above_it(room):
    below = set(FLOORS[FLOORS.index(room) + 1 :]) | {APART.get(room)}
    found = [
        f"{path} imports {name}"
        for path in in_rooms()
        if room_of(path) == room
        for name in rooms_imported(path) & below
    ]
    assert found == []


def test_rooms_know_neither_config_nor_tests():
    found = [
        f"{path} imports {name}"
        for path in in_rooms()
        for name in imports(path)
        if name.split(".")[0] == "tests"
        or (name.split(".")[0] == "config" and room_of(path) not in READS_CONFIG)
    ]
    assert found == []


def test_config_does_not_know_the_tests():
    found = [path for path in python_files("config") for n in imports(path) if n[:5] == "tests"]
    assert found == []


@pytest.mark.parametrize("name", PURE)
def test_a_pure_core_reaches_no_framework(name):
    reached = closure(Path("apps", name))
    assert reached, f"apps/{name} is gone: name its successor here"
    found = [
        f"{path} imports {module}"
        for path in reached
        for module in imports(path)
        if module.split(".")[0] in {"django", "rest_framework", "redis", "oauth2_provider"}
    ]
    assert found == []


def closure(start: Path) -> set[Path]:
    """The file and every file of ours that it imports, in turn."""
    reached: set[Path] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in reached or not (ROOT / path).is_file():
            continue
        reached.add(path)
        for module in imports(path):
            parts = module.split(".")  # of a module, or of a name in one
            waiting += [Path(*parts[:end], parts[end] + ".py") for end in (-1, -2)[: len(parts)]]
    return reached
