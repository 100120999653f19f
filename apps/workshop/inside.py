"""From inside: what an attack uses that has the code and the database, not a URL alone.

Everything written within `undone` is taken back, so that the demo is as it was for the next attack.
Models are found late: an attack on a URL imports this without Django's setup.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import transaction
from django.db.models import Model


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written to the database in this block is taken back at its end."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def model(label: str) -> Any:
    """A model by its label, such as `buyers.BuyerProfile`."""
    return apps.get_model(label)


def new_buyer() -> Model:
    """A buyer whom nobody knows, with nothing of their own yet."""
    return model("accounts.User").objects.create_user(f"{uuid4().hex}@attack.example.com")


def new_key(user: Model, *scopes: str) -> str:
    """The text of a fresh key of this user."""
    from apps.access.credential import COMMAND_LINE
    from apps.access.scopes import Scope
    from apps.apikeys.lifecycle import create

    granted = [Scope(scope) for scope in scopes]
    return create(COMMAND_LINE, user_id=user.pk, name="made for an attack", scopes=granted)[1]


def credential_of(email: str) -> Any:
    """What a domain function is handed when this user calls."""
    from apps.access.credential import Credential, Kind
    from apps.agencies.roles import Role

    user = model("accounts.User").objects.select_related("membership").get(email=email)
    return Credential(
        kind=Kind.COMMAND,
        user_id=user.pk,
        agency_id=user.membership.agency_id,
        role=Role(user.membership.role),
    )
