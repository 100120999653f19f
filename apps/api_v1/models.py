"""Who still uses v1: what to ask before it is switched off."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F

from apps.core.classification import Classified
from apps.core.ids import uuid7


class V1Use(models.Model):
    """Requests of one credential to v1 on one day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    credential = models.CharField(max_length=80)
    day = models.DateField()
    requests = models.PositiveIntegerField(default=0)

    classified = Classified(
        internal="id credential day requests",
        named_in="credential",
        withheld={"*": "counts of requests to an old version, of use to nobody but its operator"},
    )

    class Meta:
        verbose_name = "use of v1"
        verbose_name_plural = "uses of v1"
        constraints = [
            models.UniqueConstraint(fields=["credential", "day"], name="v1_use_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.credential} on {self.day}: {self.requests}"

    @classmethod
    def count(cls, credential: str) -> None:
        """One more request today."""
        today = datetime.now(UTC).date()
        same = cls.objects.filter(credential=credential, day=today)
        if not same.update(requests=F("requests") + 1):
            cls.objects.get_or_create(credential=credential, day=today)
            same.update(requests=F("requests") + 1)
