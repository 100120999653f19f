"""Actors that carry no API credential: people at a page, and who runs commands."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone at a page; `user_id` is None until they have signed in."""

    user_id: UUID | None

    @property
    def actor(self) -> str:
        return f"user:{self.user_id}" if self.user_id else "anonymous"

    @property
    def name(self) -> str:
        return "session" if self.user_id else ""


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever runs a command: they hold the machine already."""

    actor: str = "command"
    name: str = "command"
