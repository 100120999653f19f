"""What is left of a user who was erased: an id that old rows point at, and that opens nothing."""

from uuid import UUID

from . import sessions
from .models import User


def nobody(user_id: UUID) -> str:
    """What stands for the address. Nobody has it: `.invalid` is never assigned (RFC 2606)."""
    return f"{user_id}@erased.invalid"


def is_forgotten(user: User) -> bool:
    """Is nothing left of this person?"""
    return user.email == nobody(user.pk) and not user.is_active


def close(user: User) -> None:
    """Let nobody in by any credential from now on, and end every session."""
    user.is_active = user.is_staff = user.is_superuser = False
    user.save(update_fields=["is_active", "is_staff", "is_superuser"])
    sessions.end_all(user)


def forget(user: User) -> None:
    """Take out the address, so that it may be registered anew, and the password."""
    close(user)
    user.email = nobody(user.pk)
    user.set_unusable_password()
    user.last_login = None
    user.groups.clear()
    user.user_permissions.clear()
    user.save(update_fields=["email", "password", "last_login"])
