"""The one table of this room: who is the leader of what."""

from datetime import UTC, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from .classification import Classified


class Lease(models.Model):
    """A named role that one process holds for a while, and loses when it stops renewing it."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=100)
    expires_at = models.DateTimeField()

    classified = Classified(internal="name holder expires_at")

    def __str__(self) -> str:
        return f"{self.name} held by {self.holder}"

    @classmethod
    def take(cls, name: str, holder: str, lasts: timedelta) -> bool:
        """Take or renew the lease. True where `holder` has it now; one UPDATE decides."""
        now = datetime.now(UTC)
        cls.objects.get_or_create(name=name, defaults={"holder": "", "expires_at": now})
        free = Q(holder=holder) | Q(expires_at__lte=now)
        mine: models.QuerySet[Self] = cls.objects.filter(free, name=name)
        return mine.update(holder=holder, expires_at=now + lasts) == 1
