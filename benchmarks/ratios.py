"""Paired ratios: each round compares what was measured one after the other. Pure.

Absolute figures drift with the machine; a ratio of two neighbours in time drifts less, and its
spread says how much to believe it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.load import Sample
from benchmarks.stacks import Name
from benchmarks.target import Endpoint

#: What docs/performance.md promises: throughput at least, and 99th percentile at most, of a stack.
MUST_RPS = {
    # What all controls together may cost.
    **{(endpoint, Name.BARE): 0.5 for endpoint in Endpoint},
    (Endpoint.DETAIL, Name.STOCK): 0.9,
    (Endpoint.PAGE, Name.STOCK): 1.2,
    (Endpoint.POST, Name.STOCK): 0.9,
    (Endpoint.DETAIL, Name.ASSEMBLED): 3.0,
    (Endpoint.PAGE, Name.ASSEMBLED): 3.0,
    (Endpoint.POST, Name.ASSEMBLED): 2.5,
}
#: CPU of a request by a token, at most, in that of one by a key.
MUST_CPU = {(endpoint, Name.BEARER): 1.2 for endpoint in Endpoint}
MUST_P99 = {(endpoint, Name.STOCK): 1.2 for endpoint in Endpoint}


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some figures, and how far they lie apart."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread | None":
        """None where every round was void."""
        return cls(median(figures), min(figures), max(figures)) if figures else None


@dataclass(frozen=True, slots=True)
class Ratios:
    """Ours against another. `rps` and `cpu` above 1 mean that ours is the faster and the cheaper;
    `p99` above 1 means that ours is the slower."""

    rps: Spread
    cpu: Spread
    p99: Spread


def paired(ours: Sequence[Sample], other: Sequence[Sample]) -> Ratios | None:
    """Round by round; a pair with a void half is left out. None where no pair is left."""
    pairs = [
        (mine, theirs)
        for mine, theirs in zip(ours, other, strict=True)
        if not (mine.load.void or theirs.load.void)
    ]
    if not pairs:
        return None
    return Ratios(
        rps=Spread.of([mine.rps / theirs.rps for mine, theirs in pairs]),
        cpu=Spread.of([theirs.cpu / max(mine.cpu, 1e-9) for mine, theirs in pairs]),
        p99=Spread.of([mine.load.p99_ms / theirs.load.p99_ms for mine, theirs in pairs]),
    )


def rotated(names: Sequence[Name], turn: int) -> list[Name]:
    """The order of one round: each stack goes first as often as every other."""
    start = turn % len(names)
    return [*names[start:], *names[:start]]
