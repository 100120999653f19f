"""Refused input in the audit: who sent it, which fields, which faults; never a value.

A caller decides how often this is written, so there are few rows however many requests: each
credential, or address without one, has a bucket of them. What comes on top is in the request log,
which says the same of every request (ASVS 16.3.3).
"""

from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb
from apps.core.problems import Code, Problem
from apps.ratelimits.limiter import Charge, address_bucket, charge
from apps.ratelimits.policies import POLICIES

from .credential import Credential

CODES = frozenset({Code.MALFORMED_BODY, Code.VALIDATION_FAILED, Code.MASKED_VALUE})
_LAST = "; what follows at this pace is in the request log alone"


def record_refused(problem: Problem, by: Credential, address: str) -> None:
    """One row, while this caller has some left; the last one says that it is the last."""
    key = address_bucket(address) if by.is_anonymous else by.name
    (decision,) = charge([Charge(POLICIES["refused_input"], key)]).decisions
    if not decision.allowed:
        return
    record(
        Verb.INPUT_REFUSED,
        by,
        outcome=Outcome.REFUSED,
        reason=problem.code + ("" if decision.remaining else _LAST),
        changes=problem.faults(),
    )
