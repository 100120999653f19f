"""CPU time of whole process trees, from /proc (Linux; proc(5)).

Guarantees that nothing is lost when a child ends: its time moves into its parent's count of waited
children, and both are summed. Counts a whole PostgreSQL and Redis, so it means something only on
a machine that does nothing else. Resolution: 10 ms a process.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
_TICK = 1 / os.sysconf("SC_CLK_TCK")


class Process(NamedTuple):
    """`seconds`: user and system time, its own and that of the children it has waited for."""

    parent: int
    name: str
    seconds: float


def parse_stat(text: str) -> Process:
    """One /proc/PID/stat. The name stands in parentheses and may hold spaces and parentheses."""
    name, _, rest = text.partition("(")[2].rpartition(")")
    fields = rest.split()
    ticks = sum(int(fields[place]) for place in (11, 12, 13, 14))  # utime stime cutime cstime
    return Process(int(fields[1]), name, ticks * _TICK)


def processes(proc: Path = PROC) -> dict[int, Process]:
    """Every process that exists now, by its id."""
    found = {}
    for path in proc.glob("[0-9]*/stat"):
        try:
            found[int(path.parent.name)] = parse_stat(path.read_text())
        except OSError:
            continue  # it ended while we looked
    return found


def family(root: int, known: Mapping[int, Process]) -> set[int]:
    """The root and all that descend from it."""
    members, grown = {root}, True
    while grown:
        more = {pid for pid, process in known.items() if process.parent in members} - members
        members |= more
        grown = bool(more)
    return members & known.keys()


def seconds(roots: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds so far of each named tree."""
    known = processes()
    return {
        name: sum(known[pid].seconds for pid in family(root, known)) for name, root in roots.items()
    }
