"""What a model instance and `.values()` hold in place of an encrypted field's value.

Guarantees: printing, formatting or logging any of the types shows nothing but its name. Does not
guarantee: an Unsealed value is in memory in clear; the type keeps it out of text, not out of RAM.
"""

from typing import Any, NoReturn


class Sealed:
    """A stored envelope, still closed. `envelope` is bytes unless the column was tampered with."""

    __slots__ = ("envelope",)

    def __init__(self, envelope: bytes) -> None:
        self.envelope = envelope

    def __repr__(self) -> str:
        return "<Sealed>"


class Unsealed:
    """A value assigned to an instance and not yet written. `value` is the plaintext."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "<Unsealed>"

    def __deepcopy__(self, memo: dict) -> "Unsealed":
        return self

    def __reduce__(self) -> NoReturn:
        # A pickled instance ends in a cache, a session or a queue, and the plaintext with it.
        raise TypeError("an encrypted field's value is pickled only after it has been saved")


class Blinded:
    """What stands in a blind index: `index` is the bytes of the column."""

    __slots__ = ("index",)

    def __init__(self, index: bytes) -> None:
        self.index = index

    def __repr__(self) -> str:
        return "<Blinded>"
