"""People in the admin: who they are and whether they may come in, never how they prove it."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest

from apps.audit.actors import Visitor
from apps.audit.admin_pages import Audited

from . import ending
from .models import User


@admin.register(User)
class UserAdmin(Audited):
    list_display = ("email", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email",)
    ordering = ("email",)
    fields = ("email", "is_active", "is_staff", "date_joined", "last_login")
    readonly_fields = ("email", "date_joined", "last_login")

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: Any) -> None:
        """Who is switched off here is signed out everywhere, as by `administration.change`."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if not obj.is_active:
                ending.end_all(Visitor(request.user.pk), obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
