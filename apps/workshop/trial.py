"""Try one practice: the attack in all its variants, then the honest use.

`python -m apps.workshop.trial ID` does it in a process of its own and prints one JSON line: that is
how a sabotaged copy of the tree is tried.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from .attempts import Attempt, Ending, HonestUseBroken
from .registry import Practice, practices
from .run import NeedsTheCode, Run, load_demo
from .target import InProcess, Target
from .versions import Version


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. `honest` is empty where honest use works, else what broke."""

    practice: str
    version: str
    attempts: tuple[Attempt, ...]
    honest: str
    passed_over: bool = False

    @property
    def holds(self) -> bool:
        """Every variant was stopped by the control, and honest use works."""
        stopped = all(attempt.ending is Ending.STOPPED for attempt in self.attempts)
        return self.passed_over or (bool(self.attempts) and stopped and not self.honest)

    @property
    def breached(self) -> bool:
        """At least one variant got what it came for."""
        return any(attempt.ending is Ending.SUCCEEDED for attempt in self.attempts)


def tried(practice: Practice, version: Version, target: Target, demo: Mapping[str, Any]) -> Trial:
    """Run attack and honest use against one version of the target."""
    number = [row.id for row in practices()].index(practice.id)
    run = Run(target, demo, number, isinstance(target, InProcess), version)
    trial = partial(Trial, practice.id, version.name)
    try:
        attempts = tuple(practice.attack_function()(run))
        return trial(attempts, _honest(practice, run))
    except NeedsTheCode:
        return trial((), "", passed_over=True)
    except HonestUseBroken as broken:
        return trial((), f"the attack could not be prepared: {broken}")


def _honest(practice: Practice, run: Run) -> str:
    try:
        practice.honest_function()(run)
    except HonestUseBroken as broken:
        return str(broken)
    return ""


def main(practice_id: str) -> None:
    """Try one practice in this process, on the newest version that it concerns."""
    import logging

    import django
    from django.conf import settings

    django.setup()
    logging.disable(logging.CRITICAL)
    demo = load_demo(settings.VAR / "demo.json")
    (practice,) = (row for row in practices() if row.id == practice_id)
    sys.stdout.write(
        json.dumps(asdict(tried(practice, practice.tried_on[-1], InProcess(), demo))) + "\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])
