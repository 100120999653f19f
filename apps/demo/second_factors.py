"""The authenticator apps of the demo's users, kept for as long as their secrets open."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret

from apps.accounts.models import User
from apps.accounts.second_factors import MisplacedSecret, forget_unused, keep, opened
from apps.encryption.errors import DecryptionRefused

from .credentials import DemoUser


def working_secret(user: User, known: DemoUser | None) -> str:
    """The secret in the file, where it is the user's; else a new one, and the old is gone."""
    if known is not None and _works(user, known.totp_secret):
        return known.totp_secret
    secret = generate_totp_secret()
    Authenticator.objects.filter(user=user).delete()
    Authenticator.objects.create(user=user, type="totp", data={"secret": keep(user.pk, secret)})
    forget_unused(user.pk)
    return secret


def _works(user: User, secret: str) -> bool:
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    try:
        return row is not None and opened(user.pk, row.data["secret"]) == secret
    except (MisplacedSecret, DecryptionRefused):
        return False
