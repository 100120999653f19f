"""`/oauth/authorize` and the consent page: a client asks a person for rights (RFC 6749, 3.1).

The decisions are in apps/oauth (asked, steps); this shows pages and sends browsers on. Answers to
forms leave for the client with 303, and every other with 302, so that no body follows (RFC 9700
section 4.12).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from apps.access.sessions import proofs
from apps.accounts import destination
from apps.core.security_headers import PAGE_POLICY
from apps.oauth import begun, consents
from apps.oauth.answers import Error, Refused, Unanswerable
from apps.oauth.asked import Asked, read
from apps.oauth.granting import grant
from apps.oauth.steps import Step, Visit, next_step
from apps.oauth.ticket import query_of, ticket_for

from .scope_words import said

_HERE = "/oauth/authorize"
#: A request line of ours has room for so much (config/gunicorn.py, deploy/nginx/sizes.conf).
_LONGEST_PATH = 3_500


@csrf_exempt  # changes nothing: a client's form (OpenID Connect Core 3.1.2.1) becomes a GET
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """What comes next for this request and this person."""
    if request.method == "POST":
        return _posted(request)
    query, since = begun.unmarked(request.GET)
    try:
        asked = read(query)
        visit = _visit(request, since)
        step = next_step(asked, visit, consented=_is_consented(asked, visit))
        return _private(_STEPS[step](request, asked, visit, _marked(query, since)))
    except Unanswerable as fault:
        return _unanswerable(request, fault)
    except Refused as refused:
        return _sent(refused.location)


@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """`/oauth/consent`: yes or no to what was shown. Everything is decided once more."""
    shown = query_of(request, request.POST.get("ticket", ""))
    if shown is None:
        return _unanswerable(request, Unanswerable("The page was too old, or not shown to you."))
    query, since = begun.unmarked(shown)
    try:
        asked = read(query)
        if request.POST.get("decision") != "allow":
            consents.refuse(request.user, asked.client)
            raise Refused(asked.back, Error.ACCESS_DENIED, "The person said no")
        visit = _visit(request, since)
        if next_step(asked, visit, consented=True) is not Step.GRANT:
            return _sent(_path(shown), 303)
        with transaction.atomic():
            consents.give(visit.user, asked.client, asked.scopes)
            return _sent(grant(asked, visit.user, visit.sign_in(asked)), 303)
    except Unanswerable as fault:
        return _unanswerable(request, fault)
    except Refused as refused:
        return _sent(refused.location, 303)


def _posted(request: HttpRequest) -> HttpResponse:
    """The same request as an address. The client's own page sent it, so no cookie came with it."""
    path = _path(request.POST)
    if len(path) > _LONGEST_PATH:
        return _unanswerable(request, Unanswerable("The request is too long."))
    return _sent(path, 303)


def _visit(request: HttpRequest, since: datetime | None) -> Visit:
    user = request.user if request.user.is_authenticated else None
    return Visit(user=user, proofs=proofs(request) if user else (), begun=since)


def _is_consented(asked: Asked, visit: Visit) -> bool:
    asks_anyway = "consent" in asked.prompts
    return bool(
        visit.user and not asks_anyway and consents.covers(visit.user, asked.client, asked.scopes)
    )


# --- The steps --------------------------------------------------------------------------------


def _sign_in(request: HttpRequest, asked: Asked, _visit: Visit, query: QueryDict) -> HttpResponse:
    return _through(request, "account_login", query, login_hint=asked.login_hint)


def _prove(request: HttpRequest, _asked: Asked, _visit: Visit, query: QueryDict) -> HttpResponse:
    return _through(request, "account_reauthenticate", query)


def _add(request: HttpRequest, asked: Asked, _visit: Visit, query: QueryDict) -> HttpResponse:
    why = "No second factor is set up, and the client asks for one"
    context = {
        "client": asked.client,
        "again": _path(query),
        "back": asked.back.with_error(Error.UNMET_AUTHENTICATION_REQUIREMENTS, why),
    }
    return render(request, "oauth/second_factor.html", context)


def _ask(request: HttpRequest, asked: Asked, visit: Visit, query: QueryDict) -> HttpResponse:
    destination.forget(request)
    before = consents.remembered(visit.user, asked.client)
    context = {
        "client": asked.client,
        "host": urlsplit(asked.back.redirect_uri).netloc,
        "sentences": said(asked.scopes, before),
        "grows": bool(before),
        "ticket": ticket_for(request, query),
        "again": _path(query),
    }
    response = render(request, "oauth/consent.html", context)
    response["Content-Security-Policy"] = _policy(asked)
    return response


def _grant(request: HttpRequest, asked: Asked, visit: Visit, query: QueryDict) -> HttpResponse:
    destination.forget(request)
    location = grant(asked, visit.user, visit.sign_in(asked))
    if begun.NAME not in request.GET:
        return _sent(location)
    # They come from a form of ours, and browsers hold all that follows a form to the form-action of
    # its page: a redirect would end here. A page of ours in between begins a navigation of its own.
    return render(request, "oauth/onward.html", {"client": asked.client, "location": location})


_STEPS: dict[Step, Callable[..., HttpResponse]] = {
    Step.SIGN_IN: _sign_in,
    Step.PROVE_AGAIN: _prove,
    Step.PROVE_SECOND_FACTOR: _prove,
    Step.ADD_SECOND_FACTOR: _add,
    Step.CONSENT: _ask,
    Step.GRANT: _grant,
}


# --- Where browsers go ------------------------------------------------------------------------


def _through(request: HttpRequest, name: str, query: QueryDict, **more: str) -> HttpResponse:
    """To a page of the account, and back to this request."""
    back = _path(query)
    destination.remember(request, back)
    path = f"{reverse(name)}?{urlencode({'next': back, **_given(more)})}"
    # Where the way back does not fit into an address, the session alone remembers it.
    return _sent(path if len(path) <= _LONGEST_PATH else reverse(name))


def _given(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _marked(query: QueryDict, since: datetime | None) -> QueryDict:
    return begun.marked(query, since or datetime.now(UTC))


def _path(query: QueryDict) -> str:
    return f"{_HERE}?{query.urlencode()}"


def _policy(asked: Asked) -> str:
    """Our pages' policy, and that the answer to the form may lead on to the client."""
    target = urlsplit(asked.back.redirect_uri)
    beyond = "https:" if target.scheme == "https" else f"https: http://{target.netloc}"
    return PAGE_POLICY.replace("form-action 'self'", f"form-action 'self' {beyond}")


def _sent(location: str, status: int = 302) -> HttpResponse:
    return _private(HttpResponse(status=status, headers={"Location": location}))


def _unanswerable(request: HttpRequest, fault: Unanswerable) -> HttpResponse:
    context = {"fault": str(fault)}
    return _private(render(request, "oauth/unanswerable.html", context, status=400))


def _private(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
