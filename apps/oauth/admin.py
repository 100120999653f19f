"""OAuth clients in the admin: registered, changed, given a new secret, switched off."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.access.sessions import session_credential
from apps.audit.admin_pages import Audited

from . import lifecycle
from .forms import OAuthClientForm
from .models import OAuthClient


@admin.register(OAuthClient)
class OAuthClientAdmin(Audited):
    form = OAuthClientForm
    list_display = ("name", "client_id", "client_type", "grant_types", "agency", "is_active")
    list_filter = ("is_active", "client_type")
    search_fields = ("name", "client_id")
    list_select_related = ("agency",)
    ordering = ("-created",)
    actions = ("new_secret", "switch_off", "switch_on")

    def get_fields(self, request: HttpRequest, obj: OAuthClient | None = None) -> list[str]:
        return [*OAuthClientForm.Meta.fields, *self.get_readonly_fields(request, obj)[1:]]

    def get_readonly_fields(self, request: HttpRequest, obj: OAuthClient | None = None) -> list:
        # A client does not change its nature: with a secret or without is another client.
        return ["client_type", "client_id", "is_active", "created", "updated"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: OAuthClient, form: OAuthClientForm, change: Any
    ) -> None:
        """The domain does it, and records it."""
        by = session_credential(request)
        if change:
            lifecycle.edit(by, obj, **form.cleaned_data)
            return
        made, secret = lifecycle.create(by, **form.cleaned_data)
        obj.pk, obj.client_id = made.pk, made.client_id
        request.shown_once = (made, secret)

    def response_add(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        return self._show_once(request, *request.shown_once)

    def log_addition(self, request: HttpRequest, obj: OAuthClient, message: Any) -> None:
        """The audit has it; Django's own log would say it twice."""

    log_change = log_addition

    @admin.action(description="New secret for the selected client; the old one is dead at once")
    def new_secret(self, request: HttpRequest, clients: QuerySet) -> HttpResponse | None:
        client = clients.first() if clients.count() == 1 else None
        if client is None or not client.is_confidential:
            self.message_user(request, "Select one confidential client.", messages.ERROR)
            return None
        secret = lifecycle.rotate_secret(session_credential(request), client)
        return self._show_once(request, client, secret)

    @admin.action(description="Switch the selected clients off, and end what they hold")
    def switch_off(self, request: HttpRequest, clients: QuerySet) -> None:
        for client in clients:
            lifecycle.set_active(session_credential(request), client, False)

    @admin.action(description="Switch the selected clients on")
    def switch_on(self, request: HttpRequest, clients: QuerySet) -> None:
        for client in clients:
            lifecycle.set_active(session_credential(request), client, True)

    def _show_once(
        self, request: HttpRequest, client: OAuthClient, secret: str | None
    ) -> HttpResponse:
        # In the answer itself: a notice for the next page would lie in a cookie, or in the session.
        page = {**self.admin_site.each_context(request), "title": "An OAuth client"}
        page |= {"client": client, "secret": secret}
        return TemplateResponse(request, "oauth/shown_once.html", page)
