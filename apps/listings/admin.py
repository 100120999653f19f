"""Listings in the admin, to look at. The street address is the agency's own and not shown."""

from django.contrib import admin

from apps.audit.admin_pages import ReadOnly

from .models import Listing


@admin.register(Listing)
class ListingAdmin(ReadOnly):
    list_display = ("title", "agency", "city", "state_code", "price", "status", "updated_at")
    list_filter = ("status", "agency")
    search_fields = ("title", "city")
    list_select_related = ("agency",)
    ordering = ("-created_at",)
    exclude = ("street_address", "reserve_price")
