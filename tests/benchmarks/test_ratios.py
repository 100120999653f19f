"""Ratios of neighbours in time, and how far they lie apart."""

from benchmarks.load import Load, Sample
from benchmarks.ratios import Spread, paired, rotated
from benchmarks.stacks import Name


def sample(rps=100.0, cpu=1000.0, p99=10.0, refused=0):
    load = Load(round(rps * 10), 10.0, p99 / 2, p99, refused, 0)
    return Sample(load, {"service": cpu * 0.75, "postgres": cpu * 0.25})


def test_each_round_is_compared_with_its_own_neighbour():
    found = paired([sample(rps=100), sample(rps=300)], [sample(rps=50), sample(rps=100)])
    assert found.rps == Spread(2.5, 2.0, 3.0)


def test_cpu_above_one_means_that_ours_is_cheaper_and_p99_that_it_is_slower():
    found = paired([sample(cpu=500, p99=30)], [sample(cpu=1000, p99=10)])
    assert (found.cpu.median, found.p99.median) == (2.0, 3.0)


def test_a_void_half_voids_the_pair():
    ours = [sample(rps=100), sample(rps=900, refused=1), sample(rps=100)]
    theirs = [sample(rps=50), sample(rps=50), sample(rps=50, refused=7)]
    assert paired(ours, theirs).rps == Spread(2.0, 2.0, 2.0)


def test_nothing_is_said_where_every_pair_is_void():
    assert paired([sample(refused=1)], [sample()]) is None


def test_every_stack_goes_first_in_turn():
    names = list(Name)
    assert {rotated(names, turn)[0] for turn in range(len(names))} == set(names)
    assert all(sorted(rotated(names, turn)) == sorted(names) for turn in range(5))
