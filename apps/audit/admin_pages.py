"""The two kinds of admin page that there are: to look at, and to change under audit."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest

from .actors import Visitor
from .recording import record
from .verbs import Verb


class ReadOnly(admin.ModelAdmin):
    """Rows to look at. Nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Audited(admin.ModelAdmin):
    """Rows that may be changed, each change recorded in its transaction. Nothing is deleted.

    The audit is the one record of it: Django's own log of the admin holds the names of rows, which
    may be those of people, and anybody with the table can rewrite it.
    """

    def log_addition(self, request: HttpRequest, obj: Model, message: object) -> None:
        """Nothing."""

    def log_change(self, request: HttpRequest, obj: Model, message: object) -> None:
        """Nothing."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: Any) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            changed = {"fields": sorted(form.changed_data), "added": not change}
            record(Verb.ADMIN_CHANGED, Visitor(request.user.pk), obj, changes=changed)
