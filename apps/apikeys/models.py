"""API keys at rest, how much they were used, and what their owners are still to be told."""

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.access.credential import Credential, Tier
from apps.core.classification import Classified
from apps.core.ids import uuid7


class ApiKeys(models.QuerySet):
    """Keys, cut to what a caller may see."""

    def visible_to(self, credential: Credential) -> "ApiKeys":
        """The caller's own keys."""
        if credential.user_id is None:
            return self.none()
        return self.filter(user_id=credential.user_id)

    def not_revoked(self, now: datetime) -> "ApiKeys":
        """Without those whose end has come; a rotated key has its end ahead of it."""
        return self.filter(Q(revoked_at=None) | Q(revoked_at__gt=now))

    def live(self, now: datetime) -> "ApiKeys":
        """Those that work, as far as the key itself is concerned."""
        return self.not_revoked(now).filter(expires_at__gt=now)

    def locked(self, *ids: object) -> dict[str, "ApiKey"]:
        """The keys with these ids, locked in one order, so that two callers cannot deadlock."""
        rows = self.select_for_update().filter(pk__in=[i for i in ids if i]).order_by("pk")
        return {str(row.pk): row for row in rows}


class ApiKey(models.Model):
    """A key without its text: that is shown once, at creation, and kept by nobody here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys"
    )
    name = models.CharField(max_length=60)
    mode = models.CharField(max_length=4)
    public_id = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField(max_length=32)
    pepper_id = models.PositiveSmallIntegerField()
    scopes = models.JSONField()
    networks = models.JSONField(default=list)
    tier = models.CharField(max_length=10, default=Tier.FREE, choices=[(t, t) for t in Tier])
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    #: In the future for a key that was rotated and lives on for an overlap.
    revoked_at = models.DateTimeField(null=True)
    #: One to one: no key is rotated twice, whatever the code above forgets.
    succeeds = models.OneToOneField(
        "self", null=True, on_delete=models.SET_NULL, related_name="successor"
    )
    last_used_at = models.DateTimeField(null=True)
    last_used_address = models.CharField(max_length=45, blank=True)
    last_used_route = models.CharField(max_length=140, blank=True)

    objects = ApiKeys.as_manager()

    classified = Classified(
        internal="id user name mode public_id pepper_id scopes networks tier created_at expires_at"
        " revoked_at succeeds last_used_at last_used_route",
        personal="last_used_address",
        secrets="digest",
        clear={
            "last_used_address": "its owner tells by it whether somebody else uses the key",
            "digest": "a keyed hash of random characters",
        },
        person="user",
    )

    class Meta:
        verbose_name = "API key"
        verbose_name_plural = "API keys"
        indexes = [
            models.Index(fields=["user", "created_at"], name="api_key_of_user"),
            models.Index(fields=["expires_at"], name="api_key_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(tier__in=sorted(Tier)), name="api_key_tier_is_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="api_key_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def prefix(self) -> str:
        """What a person can tell the key by."""
        return f"gh_{self.mode}_{self.public_id}"

    def is_live(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.expires_at > now and (self.revoked_at is None or self.revoked_at > now)


class UsageCount(models.Model):
    """Requests of one key to one route on one day (UTC), as one process counted them.

    Rows are only added, so that nodes never wait for each other; their sum is the count. `tick`
    folds them into one. The key's row may be gone by the time a count is written: no constraint.
    """

    key = models.ForeignKey(
        ApiKey, on_delete=models.CASCADE, db_constraint=False, related_name="usage"
    )
    day = models.DateField()
    route = models.CharField(max_length=140)
    requests = models.PositiveIntegerField()

    classified = Classified(internal="id key day route requests", person="key__user")

    class Meta:
        indexes = [
            models.Index(fields=["key", "day"], name="api_key_usage"),
            models.Index(fields=["day"], name="api_key_usage_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.route}: {self.requests}"


class NoticeKind(StrEnum):
    """What an owner is told about a key."""

    EXPIRING = "expiring"
    EXPOSED = "exposed"
    LEAKED = "leaked"


class Notice(models.Model):
    """One thing to tell the owner of a key, once. `tick` sends it."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=[(k, k) for k in NoticeKind])
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    classified = Classified(internal="id key kind created_at sent_at", person="key__user")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "kind"], name="api_key_told_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"
