"""API keys in the admin: to look at and to revoke. There is no text or digest to show."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.access.credential import Credential, Kind
from apps.audit.admin_pages import ReadOnly

from .lifecycle import revoke
from .models import ApiKey


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    list_display = ("prefix", "name", "user", "tier", "expires_at", "last_used_at", "revoked_at")
    list_filter = ("tier",)
    search_fields = ("public_id", "name", "user__email")
    list_select_related = ("user",)
    ordering = ("-created_at",)
    exclude = ("digest", "pepper_id")
    actions = ("revoke_keys",)

    @admin.action(description="Revoke the selected keys at once")
    def revoke_keys(self, request: HttpRequest, keys: QuerySet) -> None:
        by = Credential(kind=Kind.SESSION, user_id=request.user.pk)
        for key in keys:
            revoke(by, key)
        self.message_user(request, f"{len(keys)} revoked.")
