"""The admin site: Django's, with limits on its login and an audit row for every login."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

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
