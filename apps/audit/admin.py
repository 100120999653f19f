"""The audit in the admin."""

from django.contrib import admin

from .admin_pages import ReadOnly
from .models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ("at", "verb", "outcome", "actor", "credential", "object_type", "object_id")
    list_filter = ("verb", "outcome")
    search_fields = ("actor", "object_id", "request_id")
    ordering = ("-at",)
    exclude = ("mac",)
