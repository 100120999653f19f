"""People who can sign in, and what only they know."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from apps.core.classification import Classified
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

    classified = Classified(
        internal="id is_active is_staff is_superuser date_joined last_login groups"
        " user_permissions",
        personal="email",
        secrets="password",
        clear={
            "email": "letters go to it, and a sign-in looks it up in any case",
            "password": "a slow hash (bcrypt) that is only ever compared with",
        },
        person="id",
        kept="offers in an agency's books point at it; nothing but the id and dates is left",
        remains=dict.fromkeys(("email", "password"), "replaced: see apps/accounts/forgetting.py"),
    )

    class Meta:
        constraints = [
            # "A@x" and "a@x" are one mailbox to people, so they are one account here.
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case")
        ]
        # The list of users is cut along this pair.
        indexes = [models.Index(fields=["date_joined", "id"], name="user_joined")]

    def __str__(self) -> str:
        # Not the address: this text ends in logs, titles and tracebacks.
        return str(self.pk)


class SecondFactorSecret(models.Model):
    """What an authenticator app or a list of recovery codes is made from (see second_factors)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    secret = EncryptedTextField(max_length=200)

    classified = Classified(internal="id user", secrets="secret", person="user")

    def __str__(self) -> str:
        return str(self.pk)
