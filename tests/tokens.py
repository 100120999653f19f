"""Access tokens, until there is a provider that issues them: a resolver beside the real ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from apps.access.credential import Credential, Kind
from apps.accounts.models import User
from tests import world

_issued: dict[str, Credential] = {}
_numbers = count(1)


def token(
    user: User, *scopes: str, methods: tuple[str, ...] = ("password", "totp"), minutes: float = 1
) -> str:
    """A token of this user, whose sign-in was so many minutes ago and by these methods."""
    text = f"test-token-{next(_numbers)}"
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    _issued[text] = replace(
        world.credential(user, *scopes), kind=Kind.TOKEN, methods=methods, authenticated_at=at
    )
    return text


def resolve(text: str, _address: str) -> Credential | None:
    """settings.CREDENTIAL_RESOLVERS, in tests."""
    return _issued.get(text)
