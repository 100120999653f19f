"""API keys at rest."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.access.credential import Credential, Tier
from apps.core.ids import uuid7


class ApiKeys(models.QuerySet):
    """Keys, cut to what a caller may see."""

    def visible_to(self, credential: Credential) -> "ApiKeys":
        """The caller's own keys."""
        if credential.user_id is None:
            return self.none()
        return self.filter(user_id=credential.user_id)


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
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiKeys.as_manager()

    class Meta:
        verbose_name = "API key"
        verbose_name_plural = "API keys"
        indexes = [models.Index(fields=["user", "created_at"], name="api_key_of_user")]
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
