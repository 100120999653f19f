"""`/oauth/userinfo`: who has signed in, for the client that holds a token with `openid` (OIDC 5.3).

The token comes in the Authorization header alone: one in a form or an address is none (RFC 9700
section 4.3.2). Errors are those of RFC 6750, in WWW-Authenticate.
"""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.access.challenges import CredentialRefused, Reason, insufficient, missing
from apps.access.credential import ANONYMOUS
from apps.access.presented import presented
from apps.accounts.models import User
from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb
from apps.core.problems import Problem

from .bearer import Found, find, refusal_of
from .claims import user_info
from .token_format import Kind, is_genuine


@csrf_exempt  # a token in a header is no cookie: no browser sends it by itself
@require_http_methods(["GET", "HEAD", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """The claims of this token's person, by its scopes."""
    try:
        token = _token(request)
    except CredentialRefused as refused:
        record(Verb.CREDENTIAL_REFUSED, ANONYMOUS, outcome=Outcome.REFUSED, reason=refused.reason)
        return refused.response()
    except Problem as refused:
        return refused.response()
    claims = user_info(User.objects.get(pk=token.user_id), token.scopes)
    response = HttpResponse(json.dumps(claims), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def _token(request: HttpRequest) -> Found:
    """Raises Problem."""
    text = presented(request.META, request.GET.items())
    if text is None:
        raise missing()
    token = find(text) if is_genuine(text, Kind.ACCESS_TOKEN) else None
    refused = refusal_of(token, settings.OAUTH_RESOURCE) if token else Reason.UNKNOWN
    if refused is not None:
        raise CredentialRefused(refused)
    if token.user_id is None or "openid" not in token.scopes:
        raise insufficient("openid")
    return token
