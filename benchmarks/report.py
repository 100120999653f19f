"""What a run has found, as data: every sample, and what follows from them."""

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.load import Sample
from benchmarks.ratios import Ratios, Spread, paired
from benchmarks.stacks import Name
from benchmarks.target import Endpoint
from benchmarks.trips import Trips

Key = tuple[Endpoint, Name]


@dataclass(slots=True)
class Report:
    """`samples`: by endpoint and stack, one for each round in the order of the rounds."""

    facts: dict[str, Any] = field(default_factory=dict)
    trips: dict[Name, Trips] = field(default_factory=dict)
    samples: dict[Key, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    def add(self, endpoint: Endpoint, name: Name, sample: Sample) -> str:
        """Keep a sample; returns the line that says so."""
        self.samples[endpoint, name].append(sample)
        load = sample.load
        if load.void:
            return f"[red]{endpoint} {name}: void, {load.void}[/]"
        return (
            f"{endpoint} {name}: {sample.rps:.0f} req/s, {sample.cpu:.0f} µs CPU, "
            f"p50 {load.p50_ms:.1f} ms, p99 {load.p99_ms:.1f} ms"
        )

    def sound(self, endpoint: Endpoint, name: Name) -> list[Sample]:
        """The samples that count."""
        return [sample for sample in self.samples[endpoint, name] if not sample.load.void]

    def voids(self) -> list[str]:
        """Which rounds do not count, and why."""
        return [
            f"{endpoint} {name}, round {number}: {sample.load.void}"
            for (endpoint, name), samples in self.samples.items()
            for number, sample in enumerate(samples, 1)
            if sample.load.void
        ]

    def ratios(self) -> dict[Key, Ratios]:
        """Ours against every other stack, by endpoint."""
        found = {
            (endpoint, name): paired(self.samples[endpoint, Name.OURS], samples)
            for (endpoint, name), samples in list(self.samples.items())
            if name is not Name.OURS and (endpoint, Name.OURS) in self.samples
        }
        return {key: ratios for key, ratios in found.items() if ratios}

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "facts": self.facts,
            "round_trips": self.trips,
            "ratios": [
                {"endpoint": endpoint, "against": name} | asdict(ratios)
                for (endpoint, name), ratios in self.ratios().items()
            ],
            "samples": [
                {"endpoint": endpoint, "stack": name, "round": number}
                | {"rps": sample.rps, "cpu_us": sample.cpu_us, "void": sample.load.void}
                | asdict(sample.load)
                for (endpoint, name), samples in self.samples.items()
                for number, sample in enumerate(samples, 1)
            ],
        }


def spread(samples: list[Sample], figure: Any) -> Spread | None:
    """The spread of one figure of the samples; None where there are none."""
    return Spread.of([figure(sample) for sample in samples])
