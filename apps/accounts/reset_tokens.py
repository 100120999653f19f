"""The token in a reset link: good once, for an hour, and not after the next login.

It is a MAC over what a reset or a login changes, so that nothing needs to be stored or struck out.
"""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from .models import User


class ResetTokens(PasswordResetTokenGenerator):
    """Bound to the password that it replaces (ASVS 6.4.1 to 6.4.3)."""

    key_salt = "gatehouse.password-reset"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        login = user.last_login.isoformat() if user.last_login else ""
        return f"{user.pk}\n{timestamp}\n{user.email}\n{user.password}\n{login}"
