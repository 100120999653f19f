"""People in the admin: who they are and whether they may come in, never how they prove it."""

from django.contrib import admin
from django.http import HttpRequest

from apps.audit.admin_pages import Audited

from .models import User


@admin.register(User)
class UserAdmin(Audited):
    list_display = ("email", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email",)
    ordering = ("email",)
    fields = ("email", "is_active", "is_staff", "date_joined", "last_login")
    readonly_fields = ("email", "date_joined", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
