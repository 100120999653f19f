"""What wrk said, and whether it counts."""

import pytest

from benchmarks.load import Load, parse

LINE = '{"requests":420,"seconds":2.1,"p50_ms":3.5,"p99_ms":9.25,"refused":0,"broken":0}'


def test_the_figures_stand_in_the_last_line():
    output = f"Running 2s test @ http://127.0.0.1:1/\n  1 threads\nRequests/sec: 1\n{LINE}\n"
    assert parse(output) == Load(420, 2.1, 3.5, 9.25, 0, 0)


@pytest.mark.parametrize(
    ("load", "reason"),
    [
        (Load(420, 2.1, 3.5, 9.25, 0, 0), None),
        (Load(420, 2.1, 3.5, 9.25, 3, 0), "3 of 420 answers were not 2xx"),
        (Load(420, 2.1, 3.5, 9.25, 0, 2), "2 connections failed"),
        (Load(0, 2.1, 0.0, 0.0, 0, 0), "no answer at all"),
    ],
)
def test_a_round_with_one_bad_answer_is_void(load, reason):
    assert load.void == reason
