"""The versions of the API, and how each says what attacks are written in: the words of v2. Pure.

An attack is written once. Names, amounts and parameters that an older version calls otherwise are
translated at the door, so that every variant is tried on every version that has what it attacks.
What a caller writes with a slash in front goes where it says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_PARAMETER = re.compile(r"(?<=[?&])[^=&]+")


@dataclass(frozen=True, slots=True)
class Version:
    """`words` and `parameters`: v2's name to its own. `lacks`: what of v2 it never had."""

    name: str
    words: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    lacks: frozenset[str] = frozenset()
    whole_dollars: bool = False
    #: Does it demand If-Match and Idempotency-Key, or honour them where they are sent?
    demands: bool = True

    def path(self, path: str) -> str:
        """The whole path of what stands below the version; one with a slash in front as it is."""
        if path.startswith("/"):
            return path
        return _PARAMETER.sub(self._parameter, f"/api/{self.name}/{path}")

    def said(self, body: Any) -> Any:
        """The body in this version's words; anything but an object as it is."""
        if not isinstance(body, dict):
            return body
        known = {name: value for name, value in body.items() if name not in self.lacks}
        return {self.word(name): self._value(value) for name, value in known.items()}

    def word(self, name: str) -> str:
        """What v2 calls `name`."""
        return self.words.get(name, name)

    def amount(self, price: Any) -> str:
        """A price of an answer as a plain number."""
        return str(price) if self.whole_dollars else price["amount"]

    def has(self, name: str) -> bool:
        """Does it have this resource or field of v2?"""
        return name not in self.lacks

    def _value(self, value: Any) -> Any:
        if self.whole_dollars and _is_money(value):
            return int(value["amount"].partition(".")[0])
        return value

    def _parameter(self, name: re.Match[str]) -> str:
        return self.parameters.get(name[0], name[0])


def _is_money(value: Any) -> bool:
    # An amount that is none is part of an attack, and stays what it is.
    return (
        isinstance(value, dict)
        and value.keys() == {"amount", "currency"}
        and isinstance(value["amount"], str)
        and bool(_AMOUNT.fullmatch(value["amount"]))
    )


V1 = Version(
    "v1",
    words={"title": "name", "state_code": "state"},
    parameters={"limit": "page_size"},
    lacks=frozenset({"api-keys", "reveal", "national_id", "date_of_birth", "annual_income"}),
    whole_dollars=True,
    demands=False,
)
V2 = Version("v2")
#: Oldest first. The last one is where what has no version is attacked, and where sabotage is tried.
VERSIONS = (V1, V2)
BY_NAME = {version.name: version for version in VERSIONS}
