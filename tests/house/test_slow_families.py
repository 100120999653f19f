"""What `make test` leaves out as slow is run by `.ci/run` all the same."""

import re
from pathlib import Path

from config.environment import ROOT

RUN_BY_CI = (ROOT / ".ci/run").read_text()
RUN_BY_MAKE = (ROOT / "Makefile").read_text()


def slow_folders() -> set[str]:
    marked = (p for p in Path(ROOT, "tests").rglob("test_*.py") if "mark.slow" in p.read_text())
    return {f"tests/{path.relative_to(ROOT / 'tests').parts[0]}" for path in marked} - {
        "tests/house"
    }


def test_every_folder_with_a_slow_test_is_named_where_they_are_run() -> None:
    lines = re.sub(r"\\\n\s*", "", RUN_BY_CI).splitlines()
    runs = " ".join(line for line in lines if "-m slow" in line and "TEST_DATABASE_URL" not in line)
    runs += " ".join(
        line
        for target, line in re.findall(r"^(\w+):.*\n\t(.*pytest.*)$", RUN_BY_MAKE, re.MULTILINE)
        if f"make {target}\n" in RUN_BY_CI and '-m "not slow"' not in line
    )
    assert {folder for folder in slow_folders() if folder not in runs.split()} == set()
    assert len(slow_folders()) > 5
