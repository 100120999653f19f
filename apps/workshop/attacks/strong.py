"""Callers who have just proved a second factor: for honest use, and for attacks that have one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

_issued: dict[str, Any] = {}


def resolve(text: str, _address: str) -> Any:
    """A resolver of credentials, as settings.CREDENTIAL_RESOLVERS names them."""
    return _issued.get(text)


@contextmanager
def tokens() -> Iterator[Any]:
    """A client whose server knows `token_of`."""
    from django.conf import settings
    from django.test import Client, override_settings

    resolvers = [*settings.CREDENTIAL_RESOLVERS, f"{__name__}.resolve"]
    with override_settings(CREDENTIAL_RESOLVERS=resolvers):
        yield Client(raise_request_exception=False, SERVER_NAME="localhost")


def token_of(user: Any, *, minutes: float = 1, methods: tuple[str, ...] = ("totp",)) -> dict:
    """The header of a token of theirs, of a sign-in so long ago and by these methods."""
    from apps.access.credential import Credential, Kind
    from apps.access.scopes import Scope
    from apps.agencies.models import Membership
    from apps.agencies.roles import Role

    text = uuid4().hex
    of = Membership.objects.filter(user=user).first()
    plain = Credential(
        kind=Kind.TOKEN,
        id=text,
        user_id=user.pk,
        agency_id=of.agency_id if of else None,
        role=Role(of.role) if of else Role.BUYER,
        scopes=frozenset({Scope.ADMIN}),
    )
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    _issued[text] = replace(plain, methods=methods, authenticated_at=at)
    return {"Authorization": f"Bearer {text}"}
