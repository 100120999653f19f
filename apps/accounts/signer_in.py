"""Who stands at the login, as the audit names them: nobody yet, or a user."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SignerIn:
    """An actor without a credential; `user_id` is None until the login succeeded."""

    user_id: UUID | None

    @property
    def actor(self) -> str:
        return f"user:{self.user_id}" if self.user_id else "anonymous"

    @property
    def name(self) -> str:
        return "session" if self.user_id else ""
