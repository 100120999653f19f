"""Offers in the admin, to look at. Messages are between buyer and agency and not shown."""

from django.contrib import admin

from apps.audit.admin_pages import ReadOnly

from .models import Offer


@admin.register(Offer)
class OfferAdmin(ReadOnly):
    list_display = ("id", "listing", "status", "created_at", "decided_at")
    list_filter = ("status",)
    list_select_related = ("listing",)
    ordering = ("-created_at",)
    exclude = ("message",)
