"""Ending what a person holds: sessions here, tokens and keys where the settings say.

Rooms below this one hold tokens and keys, so it names none of them: `settings.TOKENS_END_BY` and
`settings.KEYS_END_BY` list functions `(by, user)`, called in the transaction of the change. What
was ended stays so, whatever becomes of the account later.
"""

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from apps.audit.recording import Actor, record
from apps.audit.verbs import Verb

from . import sessions
from .models import User


def end_tokens(by: Actor, user: User) -> None:
    """After a new password: apps sign in anew. Keys live on: no password ever opened them."""
    for path in settings.TOKENS_END_BY:
        import_string(path)(by, user)


def end_all(by: Actor, user: User, *, keep: str | None = None) -> None:
    """After an account was switched off, and for `end_everywhere`. `keep`: a session's key."""
    sessions.end_all(user, keep=keep)
    end_tokens(by, user)
    for path in settings.KEYS_END_BY:
        import_string(path)(by, user)


@transaction.atomic
def end_everywhere(by: Actor, user: User, *, keep: str | None = None) -> None:
    """Log out everywhere: every session but `keep`, every token and every key."""
    end_all(by, user, keep=keep)
    record(Verb.ENDED_EVERYWHERE, by, user)
