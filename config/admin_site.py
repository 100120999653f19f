"""The admin site: Django's, with limits on its login and an audit row for every login."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from apps.accounts.login_limit import limited_login


class Site(admin.AdminSite):
    site_header = "Gatehouse"
    site_title = "Gatehouse"
    index_title = "Administration"
    site_url = "/docs/"

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return limited_login(request, lambda r: super(Site, self).login(r, extra_context))
