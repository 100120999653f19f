"""Every attack of the registry is stopped for its stated reason, and honest use works."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from apps.workshop.registry import Layer, Practice, practices
from config.environment import ROOT

INSIDE = [row for row in practices() if row.layer is not Layer.EDGE]

# One process of the suite runs them all, once: the same command as `make attack`.
pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.xdist_group("attacks")]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    report = Path(tmp_path_factory.mktemp("attack"), "report.json")
    command = [sys.executable, "-m", "apps.workshop.attack", "--json", str(report)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1500)
    assert report.exists(), done.stderr[-2000:]
    document = json.loads(report.read_text())
    assert document["held"] is (done.returncode == 0)
    return {row["id"]: row for row in document["practices"]}


@pytest.mark.parametrize("practice", INSIDE, ids=lambda practice: practice.id)
def test_the_attack_is_stopped_and_honest_use_works(practice: Practice, attacked: dict):
    row = attacked[practice.id]
    assert [trial["version"] for trial in row["trials"]] == (row["versions"] or [""])
    for trial in row["trials"]:
        assert trial["honest_use"] == "works"
        assert trial["attempts"]
        assert [a for a in trial["attempts"] if a["ending"] != "stopped"] == []
        assert trial["holds"]
        assert not trial["passed_over"]
    assert row["holds"]


def test_both_versions_are_attacked(attacked: dict):
    tried = [tuple(row["versions"]) for row in attacked.values()]
    assert tried.count(("v1", "v2")) > 70
    assert tried.count(("v1",)) >= 9
    # What is new in v2 is new there; everything else was there before, or a reason is written down.
    assert all(row["because"] for row in attacked.values() if row["versions"] != ["v1", "v2"])
