"""Process trees and their time, from /proc as it is written."""

from benchmarks.cpu import family, parse_stat, processes, seconds

#: proc(5): pid (comm) state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt
#: utime stime cutime cstime …
STAT = "{pid} ({name}) S {parent} 7 7 0 -1 4194560 1 2 3 4 {user} {system} {waited} 5 20 0 1 0 9"


def stat(pid, parent, name="gunicorn", user=100, system=40, waited=55):
    return STAT.format(pid=pid, parent=parent, name=name, user=user, system=system, waited=waited)


def test_the_time_of_ended_children_is_counted():
    assert parse_stat(stat(10, 1)).seconds == (100 + 40 + 55 + 5) / 100


def test_a_name_cannot_shift_the_columns():
    process = parse_stat(stat(10, 77, name="a) S 1 (b c"))
    assert (process.parent, process.name) == (77, "a) S 1 (b c")


def test_a_family_is_everyone_below_the_root(tmp_path):
    for pid, parent in ((10, 1), (11, 10), (12, 11), (20, 1), (21, 20)):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "stat").write_text(stat(pid, parent))
    known = processes(tmp_path)
    assert family(10, known) == {10, 11, 12}
    assert family(99, known) == set()


def test_a_process_that_worked_has_used_time():
    import os

    before = seconds({"own": os.getpid()})["own"]
    while seconds({"own": os.getpid()})["own"] == before:
        sum(range(10_000))
