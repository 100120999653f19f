"""The verdict on one request: its buckets and its subject's record, decided together. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from apps.ratelimits.charges import LONGEST_KEY, Charge, settle
from apps.ratelimits.decisions import Decision
from apps.ratelimits.gcra import decide
from apps.ratelimits.penalties import Event, Record, Rules, in_force, penalty, struck


@dataclass(frozen=True, slots=True)
class Subject:
    """Who answers for a request: a credential's row id or an address bucket, as in a Charge.

    `strikes`: how many it earns whatever the buckets say, as a refused credential does. A refusal
    by a bucket earns one by itself. Raises ValueError for a key that no Charge would take.
    """

    key: str = field(repr=False)
    strikes: int = 0

    def __post_init__(self) -> None:
        if not 0 < len(self.key) <= LONGEST_KEY:
            raise ValueError(f"a subject has 1 to {LONGEST_KEY} characters")


class Verdict(NamedTuple):
    """One decision per charge, in order, then the penalty if one is in force after the request."""

    decisions: list[Decision]
    event: Event | None = None


class Outcome(NamedTuple):
    """The verdict, and what a store has to keep: None for no change."""

    verdict: Verdict
    tats: list[int | None]
    record: Record | None


def reach(
    charges: Sequence[Charge],
    tats: Sequence[int | None],
    subject: Subject | None,
    record: Record,
    now: int,
    rules: Rules,
) -> Outcome:
    """Decide on a request. A penalty in force takes nothing, and is not made longer by asking."""
    if subject is not None and in_force(record, now, rules):
        seen = [decide(tat, now, c.policy, 0)[1] for c, tat in zip(charges, tats, strict=True)]
        return Outcome(Verdict([*seen, penalty(record, now)]), [None] * len(seen), None)
    after, decisions = settle(charges, tats, now)
    limited = not all(decision.allowed for decision in decisions)
    if subject is None or not (limited or subject.strikes):
        return Outcome(Verdict(decisions), after, None)
    kept, event = struck(record, now, rules, max(subject.strikes, 1), limited=limited)
    if event is Event.PENALIZED:
        decisions = [*decisions, penalty(kept, now)]
    return Outcome(Verdict(decisions, event), after, kept)
