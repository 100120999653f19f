"""API keys in the admin: anybody's to see, rename, narrow and end; one's own to make and rotate.

The text of a key is shown to its owner alone, so no administrator makes or rotates a key of others:
with it they would act as them. There is no text or digest to show of what stands here.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from apps.access.credential import Credential
from apps.access.sessions import session_credential
from apps.audit.admin_pages import Audited
from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb
from apps.core.problems import Problem

from .forms import ApiKeyForm
from .leaks import end_leaked
from .lifecycle import create, revoke
from .models import ApiKey
from .narrowing import edit
from .rotation import rotate


@admin.register(ApiKey)
class ApiKeyAdmin(Audited):
    form = ApiKeyForm
    list_display = ("prefix", "name", "user", "tier", "expires_at", "last_used_at", "revoked_at")
    list_filter = ("tier",)
    search_fields = ("public_id", "name", "user__email")
    list_select_related = ("user",)
    ordering = ("-created_at",)
    actions = ("revoke_keys", "end_as_leaked", "rotate_own")

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> list[str]:
        if obj is None:
            return ["name", "scopes", "networks", "days"]
        return ["name", "scopes", "networks", *self.get_readonly_fields(request, obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> list[str]:
        if obj is None:
            return []
        shown = ("prefix", "user", "tier", "created_at", "expires_at", "revoked_at", "succeeds")
        return [*shown, "last_used_at", "last_used_address", "last_used_route"]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the domain refuses is said on the page, and nothing of it is kept."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Problem as refused:
            self._refuse(request, refused)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: ApiKey, form: ApiKeyForm, change: Any) -> None:
        """The domain does it, and records it."""
        by = _by(request)
        if change:
            edit(by, obj, form.wanted)
            return
        key, text = create(by, user_id=request.user.pk, **form.wanted)
        obj.pk, obj.public_id, obj.mode = key.pk, key.public_id, key.mode
        request.shown_once = [text]

    def response_add(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        return self._show_once(request, request.shown_once)

    def log_addition(self, request: HttpRequest, obj: ApiKey, message: Any) -> None:
        """The audit has it; Django's own log would say it twice."""

    log_change = log_addition

    @admin.action(description="Revoke the selected keys at once")
    def revoke_keys(self, request: HttpRequest, keys: QuerySet) -> None:
        self._each(request, keys, lambda key: revoke(_by(request), key), "revoked")

    @admin.action(description="End the selected keys as leaked, and tell their owners")
    def end_as_leaked(self, request: HttpRequest, keys: QuerySet) -> None:
        self._each(request, keys, lambda key: end_leaked(_by(request), key), "ended as leaked")

    @admin.action(description="Rotate the selected keys of your own")
    def rotate_own(self, request: HttpRequest, keys: QuerySet) -> HttpResponse | None:
        own, texts = keys.filter(user_id=request.user.pk), []
        self._each(request, own, lambda key: texts.append(rotate(_by(request), key)[1]), "rotated")
        return self._show_once(request, texts) if texts else None

    def _each(
        self, request: HttpRequest, keys: QuerySet, act: Callable[[ApiKey], object], done: str
    ) -> None:
        count = 0
        for key in keys:
            try:
                act(key)
                count += 1
            except Problem as refused:
                self._refuse(request, refused)
        self.message_user(request, f"{count} {done}.")

    def _show_once(self, request: HttpRequest, texts: list[str]) -> HttpResponse:
        # In the answer itself: a notice for the next page would lie in a cookie, or in the session.
        page = {**self.admin_site.each_context(request), "title": "A new API key", "texts": texts}
        return TemplateResponse(request, "apikeys/shown_once.html", page)

    def _refuse(self, request: HttpRequest, refused: Problem) -> None:
        words = refused.errors[0].detail if refused.errors else refused.detail
        record(Verb.ACCESS_REFUSED, _by(request), outcome=Outcome.REFUSED, reason=refused.code)
        self.message_user(request, words, messages.ERROR)


def _by(request: HttpRequest) -> Credential:
    """Whoever is at this page, with what they proved and when."""
    return session_credential(request)
