"""The admin site: Django's, with limits on its login and an audit row for every login."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, reverse

from apps.access.penalty_page import penalty_page
from apps.accounts.login_limit import limited_login
from apps.audit.admin_pages import Audited, ReadOnly


class Site(admin.AdminSite):
    site_header = "Gatehouse"
    site_title = "Gatehouse"
    index_title = "Administration"
    site_url = "/docs/"

    def register(self, model: Any, admin_class: type | None = None, **options: Any) -> None:
        """Only pages of ours: those of libraries show tokens and change rows without an audit."""
        if admin_class is not None and issubclass(admin_class, (ReadOnly, Audited)):
            super().register(model, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return limited_login(request, lambda r: super(Site, self).login(r, extra_context))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("penalties/", self.admin_view(self.penalties), name="penalties"),
            *super().get_urls(),
        ]

    def penalties(self, request: HttpRequest) -> HttpResponse:
        """Who is penalized, and the button that ends it."""
        return penalty_page(request, {**self.each_context(request), "title": "Penalties"})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """Django's list of tables, and the page of penalties, which have none."""
        listed = super().get_app_list(request, app_label)
        if app_label is not None:
            return listed
        url = reverse("admin:penalties")
        page = {"name": "Penalties", "object_name": "Penalty", "admin_url": url, "view_only": True}
        limits = {"name": "Limits", "app_label": "limits", "app_url": url, "models": [page]}
        return [*listed, limits]
