"""People who can sign in, and what only they know."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from apps.core.ids import uuid7
from apps.encryption.fields import EncryptedTextField

from .users import Users


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The role is in Membership; `is_staff` opens the admin site and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            # "A@x" and "a@x" are one mailbox to people, so they are one account here.
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case")
        ]
        # The list of users is cut along this pair.
        indexes = [models.Index(fields=["date_joined", "id"], name="user_joined")]

    def __str__(self) -> str:
        return self.email


class SecondFactorSecret(models.Model):
    """What an authenticator app or a list of recovery codes is made from (see second_factors)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    secret = EncryptedTextField(max_length=200)

    def __str__(self) -> str:
        return str(self.pk)
