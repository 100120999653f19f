"""People in the admin: who they are, their role, whether they may come in; never how they prove it.

What is changed here goes through the same function as by API. Nobody changes themselves.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from apps.agencies.models import Agency
from apps.agencies.roles import AGENCY_STAFF, Role
from apps.audit.actors import Visitor
from apps.audit.admin_pages import Audited

from . import administration
from .models import User


class UserForm(forms.ModelForm):
    role = forms.ChoiceField(choices=[(role, role.replace("_", " ")) for role in Role])
    agency = forms.ModelChoiceField(Agency.objects.order_by("name"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        membership = getattr(self.instance, "membership", None)
        self.initial |= {
            "role": membership.role if membership else Role.BUYER,
            "agency": membership.agency_id if membership else None,
        }

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("role") in AGENCY_STAFF and not self.cleaned_data.get("agency"):
            self.add_error("agency", "Agents and managers have an agency.")
        return self.cleaned_data


@admin.register(User)
class UserAdmin(Audited):
    form = UserForm
    list_display = ("email", "role", "is_active", "date_joined", "last_login")
    list_filter = ("is_active", "membership__role")
    list_select_related = ("membership",)
    search_fields = ("email",)
    ordering = ("email",)
    fields = ("email", "is_active", "role", "agency", "date_joined", "last_login")
    readonly_fields = ("email", "date_joined", "last_login")

    def role(self, user: User) -> str:
        return str(getattr(getattr(user, "membership", None), "role", Role.BUYER))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and obj != request.user

    def save_model(self, request: HttpRequest, obj: User, form: UserForm, change: Any) -> None:
        agency = form.cleaned_data["agency"]
        administration.change(
            Visitor(request.user.pk),
            obj,
            role=Role(form.cleaned_data["role"]),
            agency_id=agency.pk if agency else None,
            active=form.cleaned_data["is_active"],
        )
