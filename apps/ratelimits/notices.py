"""What the audit is told of limits: few rows, however many requests were refused."""

from apps.audit.recording import Actor, record
from apps.audit.verbs import Outcome, Verb

from .decisions import strictest
from .penalties import Event
from .verdicts import Verdict


def note(verdict: Verdict, by: Actor) -> None:
    """One row when a caller is refused for the first time in a window, one when penalized."""
    if verdict.event is None:
        return
    refusal = strictest(verdict.decisions)
    if verdict.event is Event.PENALIZED:
        changes = {"seconds": refusal.retry_after}
        record(Verb.PENALTY_BEGUN, by, outcome=Outcome.REFUSED, changes=changes)
    else:
        record(Verb.LIMIT_REACHED, by, outcome=Outcome.REFUSED, reason=refusal.policy.name)
