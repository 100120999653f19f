"""`/accounts/connected-apps/`: which apps may act for me, and how that ends."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.audit.actors import Visitor
from apps.oauth.connected_apps import connected_to, disconnect, find

from .scope_words import said


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def connected_apps(request: HttpRequest) -> HttpResponse:
    """The list; a form ends one of them."""
    if request.method == "POST":
        return _end(request, request.POST.get("app", ""))
    shown = [(app, said(app.scopes)) for app in connected_to(request.user.pk)]
    return render(request, "account/connected_apps.html", {"apps": shown})


def _end(request: HttpRequest, which: str) -> HttpResponse:
    app = find(request.user.pk, which)
    if app is None:
        raise Http404
    disconnect(Visitor(request.user.pk), app)
    messages.success(request, f"{app.client.name} has no access any more.")
    return HttpResponseRedirect(reverse("connected_apps"))
