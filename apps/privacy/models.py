"""Which erasures this database knows: what the list outside of it is compared with."""

from django.db import models

from apps.core.classification import Classified


class Erasure(models.Model):
    """One person who is to be forgotten, or was. No foreign key: they may never have been here."""

    user_id = models.UUIDField(primary_key=True)
    begun_at = models.DateTimeField()
    #: NULL until everything is gone; `tick` finishes what a killed process began.
    erased_at = models.DateTimeField(null=True)

    classified = Classified(
        internal="user_id begun_at erased_at",
        person="user_id",
        kept="that somebody was erased is known by an id alone",
    )

    def __str__(self) -> str:
        return str(self.user_id)
