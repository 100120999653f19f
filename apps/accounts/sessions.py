"""The sessions of a user: where they are signed in, and how that ends."""

from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings

from .models import User


def end(session: UserSession) -> None:
    """End one session at once, on every node."""
    import_module(settings.SESSION_ENGINE).SessionStore().delete(session.session_key)
    session.delete()


def end_all(user: User, *, keep: str | None = None) -> int:
    """End every session of a user, except the one with the key `keep`; returns how many."""
    ended = list(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))
    for session in ended:
        end(session)
    return len(ended)
