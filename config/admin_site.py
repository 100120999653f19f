"""The admin site: Django's, for people who signed in at our own pages with a second factor."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse

from apps.access.penalty_page import penalty_page
from apps.access.sessions import has_second_factor, session_credential
from apps.audit.admin_pages import Audited, ReadOnly

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Site(admin.AdminSite):
    site_header = "Gatehouse"
    site_title = "Gatehouse"
    index_title = "Administration"
    site_url = "/docs/"

    def register(self, model: Any, admin_class: type | None = None, **options: Any) -> None:
        """Only pages of ours: those of libraries show tokens and change rows without an audit."""
        if admin_class is not None and issubclass(admin_class, (ReadOnly, Audited)):
            super().register(model, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, and never by a password alone (ASVS 6.3.3)."""
        return super().has_permission(request) and has_second_factor(request)

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """What changes something asks for the second factor again, like the API (RFC 9470).

        A session that was left open is good for looking and nothing else.
        """

        def behind(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            credential = session_credential(request)
            if request.method in SAFE_METHODS or credential.has_fresh_second_factor(
                datetime.now(UTC)
            ):
                return view(request, *args, **kwargs)
            messages.warning(request, "Your second factor once more, then send the form again.")
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{query}")

        return super().admin_view(behind, cacheable)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """There is one login for people, and it is not here."""
        index = reverse("admin:index")
        if self.has_permission(request):
            return HttpResponseRedirect(index)
        if not request.user.is_authenticated:
            query = urlencode({"next": request.GET.get("next", index)})
            return HttpResponseRedirect(f"{reverse('account_login')}?{query}")
        if not request.user.is_staff:
            raise PermissionDenied
        messages.warning(
            request,
            "The admin site needs a second factor. Add one here, sign out, and sign in with it.",
        )
        return HttpResponseRedirect(reverse("mfa_index"))

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
