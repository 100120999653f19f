"""Files stay short enough to be read at one sitting."""

import sys
from statistics import median

from config.environment import ROOT

from .tree import python_files

LONGEST = 300
MEDIAN = 70


def lines_of_code(path) -> int:
    """Lines that are neither blank nor a comment alone; docstrings count."""
    lines = (line.strip() for line in (ROOT / path).read_text().splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


def sizes(*tops: str) -> dict[str, int]:
    written = [path for path in python_files(*tops) if "migrations" not in path.parts]
    counted = {str(path): lines_of_code(path) for path in written}
    return {name: size for name, size in counted.items() if size}


def test_no_file_is_too_long():
    assert {name: size for name, size in sizes().items() if size > LONGEST} == {}


def test_half_of_the_files_are_short(capsys):
    code, tests = sizes("apps", "config"), sizes("tests")
    with capsys.disabled():
        for what, found in (("code", code), ("tests", tests)):
            sys.stdout.write(
                f"\n{what}: {len(found)} files, {sum(found.values())} lines, "
                f"median {median(found.values()):.0f}, longest {max(found.values())}"
            )
    assert median(code.values()) <= MEDIAN
