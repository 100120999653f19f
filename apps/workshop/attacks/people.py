"""Someone made for one attack, from inside the application, and gone after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from apps.workshop.run import Run


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the demo's first agency, and what can happen to one."""

    id: UUID

    def key(self, *scopes: str, **fields: Any) -> str:
        """The text of a fresh key, made like on the command line. Raises Problem."""
        from apps.access.credential import COMMAND_LINE
        from apps.access.scopes import parse
        from apps.apikeys.lifecycle import create

        wanted = {"name": "made for an attack", "scopes": parse(scopes), **fields}
        return create(COMMAND_LINE, user_id=self.id, **wanted)[1]

    def let_keys_expire(self) -> None:
        """Let the life of every key of theirs be over since an hour."""
        from apps.apikeys.models import ApiKey

        ended = datetime.now(UTC) - timedelta(hours=1)
        keys = ApiKey.objects.filter(user_id=self.id)
        keys.update(created_at=ended - timedelta(days=1), expires_at=ended)

    def deactivate(self) -> None:
        from apps.accounts.models import User

        User.objects.filter(pk=self.id).update(is_active=False)

    def becomes(self, role: str, agency_of: str) -> None:
        """Give them this role, in the agency of the user with this address."""
        from apps.agencies.models import Membership

        agency = Membership.objects.get(user__email=agency_of).agency
        Membership.objects.filter(user_id=self.id).update(role=role, agency=agency)


@contextmanager
def person(run: Run, role: str) -> Iterator[Person]:
    """A colleague of the demo's first manager; removed at the end, keys and all."""
    from apps.accounts.models import User
    from apps.agencies.models import Membership
    from apps.agencies.roles import Role

    agency = Membership.objects.get(user__email=run.user("manager")["email"]).agency
    address = f"{uuid4().hex}@attack.example.com"
    user = User.objects.create_user(address, role=Role(role), agency=agency)
    try:
        yield Person(user.pk)
    finally:
        user.delete()
