"""How a refused environment is worded: one line per problem, with the command that mends it.

Guarantees: a line names the variable, says what is wrong and how to mend it; it never holds the
value. The reasons are written by the parsers in this room, which leave the value out as well.
Does not decide what is refused.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

GENERATE = "python -m config.generate_env"
FIRST_RUN = f"To try Gatehouse on this machine alone: {GENERATE} --development"
OLD_DATA = "Fresh keys do not open what older keys sealed: where there is data, restore the old."


class Refusal(ValueError):
    """Why a value is refused, and the command that mends it where its variable's own does not."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.mend = mend


class EnvironmentRefused(SystemExit):
    """Ends the process with status 1 and one message; `problems` holds a line for each problem."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        lines = [f"Gatehouse does not start. Problems in its environment: {len(self.problems)}"]
        lines += [f"  {line}" for line in self.problems]
        if any(f"{GENERATE} --print" in line for line in self.problems):
            lines.append(OLD_DATA)
        elif any(GENERATE in line for line in self.problems):
            lines.append(FIRST_RUN)
        super().__init__("\n".join(lines))


def problem(error: Mapping[str, Any], model: type[BaseModel], env_file: Path | None) -> str:
    """Word one entry of pydantic's `ValidationError.errors()`; its `input` is never touched."""
    field_name = str(error["loc"][0]).lower()
    what = error["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    if error["type"] == "missing":
        what = "is not set"
    own_mend = getattr(error.get("ctx", {}).get("error"), "mend", "")
    examples = model.model_fields[field_name].examples
    return f"{field_name.upper()} {what}. Mend: " + (
        own_mend or _mend(field_name.upper(), examples, env_file)
    )


def _mend(name: str, examples: list[Any] | None, env_file: Path | None) -> str:
    if examples:
        return f"set {name}={examples[0]}"
    if os.environ.get(name) or env_file is None or env_file.exists():
        return f"{GENERATE} --print | grep ^{name}="  # a present value is for a person to replace
    return GENERATE
