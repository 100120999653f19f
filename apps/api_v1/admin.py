"""Who still uses v1, in the admin."""

from django.contrib import admin

from apps.audit.admin_pages import ReadOnly

from .models import V1Use


@admin.register(V1Use)
class V1UseAdmin(ReadOnly):
    list_display = ("day", "credential", "requests")
    ordering = ("-day", "-requests")
    search_fields = ("credential",)
