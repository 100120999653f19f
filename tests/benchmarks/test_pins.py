"""All three stacks run in one environment, so what they share has one version."""

import re
from pathlib import Path

import pytest

from config.environment import ROOT

FOLDER = Path(ROOT, "benchmarks")
OURS = Path(ROOT, "requirements.txt")


def pins(path):
    """`{name: version}`, files that this one includes taken along."""
    found = {}
    for line in path.read_text().splitlines():
        text = line.partition("#")[0].partition(";")[0].strip()
        if text.startswith("-r "):
            found |= pins(path.parent / text[3:])
        elif text:
            name, version = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[\w+\])?==(\S+)", text).groups()
            found[re.sub(r"[-_.]+", "-", name).lower()] = version
    return found


@pytest.mark.parametrize("stack", ["stock", "assembled"])
def test_what_a_stack_shares_with_the_service_has_the_same_version(stack):
    ours, theirs = pins(OURS), pins(FOLDER / stack / "requirements.txt")
    assert {name: theirs[name] for name in ours.keys() & theirs.keys()} == {
        name: ours[name] for name in ours.keys() & theirs.keys()
    }
    assert {"django", "djangorestframework", "gunicorn", "psycopg"} <= ours.keys() & theirs.keys()


def test_one_environment_holds_all_of_them():
    everything = pins(FOLDER / "requirements.txt")
    for path in (OURS, FOLDER / "stock/requirements.txt", FOLDER / "assembled/requirements.txt"):
        assert pins(path).items() <= everything.items()
