"""Agencies and memberships in the admin."""

from django.contrib import admin

from apps.audit.admin_pages import Audited

from .models import Agency, Membership


@admin.register(Agency)
class AgencyAdmin(Audited):
    list_display = ("name", "created_at")
    search_fields = ("name",)


@admin.register(Membership)
class MembershipAdmin(Audited):
    list_display = ("user", "role", "agency")
    list_filter = ("role", "agency")
    list_select_related = ("user", "agency")
    raw_id_fields = ("user",)
