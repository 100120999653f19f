"""The frame of the endpoints that machines call: one form in, one JSON answer out, never a 500.

Refusals keep the form of RFC 6749 section 5.2 and are no problem documents, because every client
library reads that. Order: method 405, form 400, limit 429 or 503, client 401, then the endpoint.
"""

import json
from collections.abc import Callable
from functools import wraps
from urllib.parse import unquote_plus

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from oauthlib.oauth2.rfc6749.errors import (
    InvalidClientError,
    OAuth2Error,
    TemporarilyUnavailableError,
)

from apps.access.credential import ANONYMOUS
from apps.access.presented import holds_key
from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb
from apps.core.problems import CATALOGUE, Code, Problem
from apps.ratelimits.addresses import address_bucket
from apps.ratelimits.guards import Flow, count_account, failed, guard

from . import client_authentication, form
from .client_authentication import Claimed
from .exposure import exposed_in
from .models import OAuthClient
from .recording import ClientActor
from .signing_keys import NoSigningKey

_Pairs = list[tuple[str, str]]
_Serve = Callable[[OAuthClient, _Pairs], HttpResponse]
_BASIC = 'Basic realm="gatehouse", charset="UTF-8"'


def endpoint(flow: Flow) -> Callable[[_Serve], Callable[[HttpRequest], HttpResponse]]:
    """Make a view of `serve(client, form)`, which runs in one transaction, after `flow`'s guard."""

    def framed(serve: _Serve) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @wraps(serve)
        def view(request: HttpRequest) -> HttpResponse:
            try:
                response = _served(request, flow, serve)
            except OAuth2Error as refused:
                response = answer(refused.json, refused.status_code)
            except NoSigningKey:
                # Rolled back: the code is still good when somebody has made the key.
                response = _limited(Problem(Code.UNAVAILABLE, headers={"Retry-After": "60"}))
            if response.status_code == 401:
                response["WWW-Authenticate"] = _BASIC
            response["Cache-Control"] = "no-store"
            return response

        return view

    return framed


def answer(content: str, status: int = 200) -> HttpResponse:
    return HttpResponse(content, content_type="application/json", status=status)


def _served(request: HttpRequest, flow: Flow, serve: _Serve) -> HttpResponse:
    if request.method != "POST":
        response = answer(json.dumps({"error": "invalid_request"}), 405)
        response["Allow"] = "POST"
        return response
    _note_exposed(request)
    pairs = form.read(request)
    who = client_authentication.claimed(request.META.get("HTTP_AUTHORIZATION"), pairs)
    try:
        client = _admitted(request, flow, who)
    except Problem as refused:
        return _limited(refused)
    with transaction.atomic():
        response = serve(client, pairs)
    origin = request.META.get("HTTP_ORIGIN")
    if origin is not None and client.origin_allowed(origin):
        response["Access-Control-Allow-Origin"] = origin
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
    if client.allowed_origins:
        response["Vary"] = "Origin"
    return response


def _admitted(request: HttpRequest, flow: Flow, who: Claimed) -> OAuthClient:
    """Raises Problem for a limit, InvalidClientError for everybody who is not who they say.

    Anybody can name a client, and thousands of devices share the name of a public one: so a name
    is counted with the address it comes from, and by itself only once it was proved.
    """
    guard(flow, f"{who.client_id} {address_bucket(request.address)}", request.address)
    try:
        client = client_authentication.authenticate(who)
    except InvalidClientError as refused:
        failed(flow, request.address)
        by = ClientActor(who.client_id[:36])
        record(Verb.CLIENT_REFUSED, by, outcome=Outcome.REFUSED, reason="authentication")
        raise refused
    if client.is_confidential:
        count_account(flow, client.client_id)
    return client


def _limited(refused: Problem) -> HttpResponse:
    """In the words of RFC 6749, which has none for a limit: try again later."""
    content = TemporarilyUnavailableError(refused.code).json
    response = answer(content, CATALOGUE[refused.code].status)
    response["Retry-After"] = refused.headers["Retry-After"]
    return response


def _note_exposed(request: HttpRequest) -> None:
    """What stood in the URL stands in logs by now. Every URL with a query is refused by `form`."""
    query = unquote_plus(request.META.get("QUERY_STRING", ""))
    if not holds_key(query):
        return
    for row in exposed_in(query) or [None]:
        record(
            Verb.CREDENTIAL_EXPOSED, ANONYMOUS, row, outcome=Outcome.REFUSED, reason="in the URL"
        )
