"""`manage.py changepassword EMAIL`: Django's own, and what a new password ends.

The library's pages end sessions and tokens through `receivers.py`; this command passes by them.
"""

from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.db import transaction

from apps.accounts import ending, sessions
from apps.accounts.models import User
from apps.audit.actors import Operator
from apps.audit.recording import record
from apps.audit.verbs import Verb


class Command(changepassword.Command):
    help = "Change a password. Ends the person's sessions and apps; keys live on."

    def handle(self, *args: Any, **options: Any) -> str:
        said = super().handle(*args, **options)
        # Only now: a transaction must not stay open for as long as somebody types.
        with transaction.atomic():
            user = User.objects.get_by_natural_key(options["username"])
            sessions.end_all(user)
            ending.end_tokens(Operator(), user)
            record(Verb.PASSWORD_CHANGED, Operator(), user)
        return said
