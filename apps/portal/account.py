"""The own account on one page: who I am here, how I sign in, where I am signed in, what I did."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.access.sessions import session_credential
from apps.accounts.ending import end_everywhere
from apps.accounts.sessions import end, end_all
from apps.agencies.models import Agency
from apps.audit.actors import Visitor
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.oauth.connected_apps import connected_to

from .devices import device
from .happenings import recent


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """`/accounts/`."""
    me = session_credential(request)
    kinds = Authenticator.objects.filter(user=request.user).values_list("type", flat=True)
    context = {
        "role": me.role.replace("_", " "),
        "agency": Agency.objects.filter(pk=me.agency_id).first(),
        "kinds": set(kinds),
        "sessions": UserSession.objects.filter(user=request.user).count(),
        "apps": connected_to(request.user.pk).count(),
        "happenings": recent(request.user),
    }
    return render(request, "account/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """`/accounts/sessions/`: where I am signed in. A form ends one, all others, or everything."""
    if request.method == "POST":
        return _end(request, request.POST.get("session", ""))
    own = [
        (session, device(session.user_agent), session.session_key == request.session.session_key)
        for session in UserSession.objects.purge_and_list(request.user)
    ]
    shown = sorted(own, key=lambda row: (not row[2], -row[0].created_at.timestamp()))
    return render(request, "account/sessions.html", {"sessions": shown})


def _end(request: HttpRequest, which: str) -> HttpResponse:
    here = reverse("account_sessions")
    if which == "everywhere":
        end_everywhere(Visitor(request.user.pk), request.user)
        logout(request)
        return HttpResponseRedirect(reverse("account_login"))
    if which == "others":
        number = end_all(request.user, keep=request.session.session_key)
        record(Verb.SESSION_ENDED, Visitor(request.user.pk), request.user)
        messages.success(request, f"Signed out elsewhere: {number}.")
        return HttpResponseRedirect(here)
    session = which.isdecimal() and UserSession.objects.filter(user=request.user, pk=which).first()
    if not session:
        raise Http404
    record(Verb.SESSION_ENDED, Visitor(request.user.pk), request.user)
    if session.session_key == request.session.session_key:
        session.delete()
        logout(request)
        return HttpResponseRedirect(reverse("account_login"))
    end(session)
    messages.success(request, "That session has ended.")
    return HttpResponseRedirect(here)
