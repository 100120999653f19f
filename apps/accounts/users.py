"""How users are made."""

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import BaseUserManager
from django.db import transaction

from apps.agencies.models import Agency, Membership
from apps.agencies.roles import Role

if TYPE_CHECKING:
    from .models import User


class Users(BaseUserManager):
    """Users, looked up by e-mail address in any case.

    The case is folded here and never by the database: PostgreSQL takes the dotless i for an I and
    the long s for an S, so that somebody else's address would be found, or two.
    """

    @classmethod
    def normalize_email(cls, email: str) -> str:
        """The one spelling that is stored."""
        return email.lower()

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=self.normalize_email(email))

    @transaction.atomic
    def create_user(
        self,
        email: str,
        password: str | None = None,
        *,
        role: Role = Role.BUYER,
        agency: Agency | None = None,
        **fields: object,
    ) -> "User":
        """A user with a role. Without a password the account cannot sign in by one."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        if role is not Role.BUYER or agency is not None:
            Membership.objects.create(user=user, agency=agency, role=role)
        return user

    @transaction.atomic
    def create_superuser(self, email: str, password: str | None = None, **_: object) -> "User":
        """A platform admin, for `manage.py createsuperuser`. Whoever runs it proves the address."""
        user = self.create_user(
            email, password, role=Role.PLATFORM_ADMIN, is_staff=True, is_superuser=True
        )
        vouch_for(user)
        return user


def vouch_for(user: "User") -> None:
    """Take the address for proved: whoever says so has the machine."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
