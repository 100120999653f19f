"""First answers, kept for a day so that a retry does nothing twice."""

from django.db import models

from apps.core.classification import Classified
from apps.core.ids import uuid7
from apps.encryption.fields import EncryptedTextField


class FirstAnswer(models.Model):
    """One idempotency key of one credential on one route.

    While `status` is null the first request still runs, until `held_until`: a process that was
    killed leaves no ghost. The body may hold personal data, so it is encrypted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.CharField(max_length=80)
    route = models.CharField(max_length=120)
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    held_until = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    location = models.CharField(max_length=200, blank=True)
    body = EncryptedTextField(max_length=65536, null=True)

    classified = Classified(
        internal="id owner route key fingerprint held_until expires_at status location",
        personal="body",
        named_in="owner",
        withheld={
            "*": "a copy of an answer, for a day; what it shows is exported where it is kept"
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "route", "key"], name="first_answer_once_per_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.status or 'in progress'}"
