"""Agencies and memberships in the admin."""

from django.contrib import admin

from apps.audit.admin_pages import Audited, ReadOnly

from .models import Agency, Membership


@admin.register(Agency)
class AgencyAdmin(Audited):
    list_display = ("name", "created_at")
    search_fields = ("name",)


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    """A role is changed at its user, where the rights at this site follow it."""

    list_display = ("user", "role", "agency")
    list_filter = ("role", "agency")
    list_select_related = ("user", "agency")
