"""Where the secrets of second factors are: encrypted, each in a row of its own.

The library stores a secret in the JSON of its Authenticator, through the two hooks of its adapter.
Here that JSON holds only the id of a row of ours, whose field is encrypted and bound to that row.
A secret opens only for the user whose it is: an id that was copied to another user's
Authenticator, by whoever can write to the database, raises and never opens.
"""

from typing import Any
from uuid import UUID

from allauth.account.internal.stagekit import unstash_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from .models import SecondFactorSecret, User


class MisplacedSecret(Exception):
    """A secret was asked for in the name of another user than its own."""


def keep(user_id: UUID, secret: str) -> str:
    """Store it; returns what stands for it."""
    return str(SecondFactorSecret.objects.create(user_id=user_id, secret=secret).pk)


def opened(user_id: UUID, reference: str) -> str:
    """The secret of this user. Raises MisplacedSecret, or DecryptionRefused."""
    kept = SecondFactorSecret.objects.filter(pk=reference, user_id=user_id).first()
    if kept is None:
        raise MisplacedSecret(f"no such secret of user {user_id}")
    return kept.secret


def forget_unused(user_id: UUID) -> None:
    """Delete what no Authenticator of this user refers to any more."""
    held = Authenticator.objects.filter(user_id=user_id).values_list("data", flat=True)
    used = [data[name] for data in held for name in ("secret", "seed") if name in data]
    SecondFactorSecret.objects.filter(user_id=user_id).exclude(pk__in=used).delete()


class MFAAdapter(DefaultMFAAdapter):
    """settings.MFA_ADAPTER."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right, or it was used before. Wait for the next one.",
    }

    def encrypt(self, text: str) -> str:
        return keep(_whose(), text)

    def decrypt(self, encrypted_text: str) -> str:
        return opened(_whose(), encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The domain that a passkey is for: ours, whatever Host a request came with."""
        return {"id": settings.PUBLIC_HOST, "name": "Gatehouse"}

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return "My passkey" if number == 0 else f"My passkey {number + 1}"


def _whose() -> UUID:
    """Who is signed in, or whose password was just right."""
    request = context.request
    if request.user.is_authenticated:
        return request.user.pk
    login = unstash_login(request, peek=True)
    if login is None or login.user is None:
        raise MisplacedSecret("nobody is signing in")
    return login.user.pk
