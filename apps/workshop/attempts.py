"""What one step of an attack came to. Pure.

Three ends, not two: an attack that failed for another reason than its control's (a crash, a typing
error, a limit that happened to bite) proves nothing and is never counted as stopped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .run import Run
    from .target import Answer


class Ending(StrEnum):
    """How an attempt ended."""

    STOPPED = "stopped"  # by the control under attack, for its stated reason
    SUCCEEDED = "succeeded"  # the attacker got what they came for
    UNCLEAR = "unclear"  # neither


@dataclass(frozen=True, slots=True)
class Attempt:
    """One variant of an attack: what was tried, how it ended, and the evidence in a few words."""

    what: str
    ending: Ending
    evidence: str


Attack = Callable[["Run"], Iterator[Attempt]]
Honest = Callable[["Run"], None]


class HonestUseBroken(Exception):
    """What must keep working does not: a control that breaks honest use is no control."""


def judged(what: str, *, stopped: bool, succeeded: bool, evidence: str) -> Attempt:
    """An attempt from two independent observations; both or neither is unclear."""
    if stopped and not succeeded:
        return Attempt(what, Ending.STOPPED, evidence)
    if succeeded and not stopped:
        return Attempt(what, Ending.SUCCEEDED, evidence)
    return Attempt(what, Ending.UNCLEAR, evidence)


def refused(
    what: str, answer: "Answer", status: int, code: str, *, gained: bool | None = None
) -> Attempt:
    """An attempt over HTTP that the control should refuse with this status and problem code.

    `gained` says whether the attacker got what they came for; left out, any 2xx means so.
    """
    succeeded = 200 <= answer.status < 300 if gained is None else gained
    return judged(
        what,
        stopped=answer.status == status and answer.code == code,
        succeeded=succeeded,
        evidence=answer.summary,
    )


def works(answer: "Answer", status: int = 200) -> "Answer":
    """Honest use answers with this status. Raises HonestUseBroken."""
    if answer.status != status:
        raise HonestUseBroken(f"expected {status}, got {answer.summary}")
    return answer
