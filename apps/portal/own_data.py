"""The own data as a file, for people: the export of the API behind a fresh proof of who asks."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.access.sessions import session_credential
from apps.core.answers import download
from apps.core.problems import Code, Problem
from apps.privacy.export import FILE_NAME, export
from apps.ratelimits.headers import limit_headers
from apps.ratelimits.limiter import Charge, charge
from apps.ratelimits.policies import POLICIES, PolicyName


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def own_data(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """`/accounts/data/`: says what there is; its button downloads it.

    Whoever has a second factor proves that one again, anybody else the password.
    """
    if request.method != "POST":
        return render(request, "account/own_data.html")
    caller = session_credential(request)
    # The bucket of the API's export: together five an hour.
    (decision,) = charge([Charge(POLICIES[PolicyName.EXPORT], caller.actor)]).decisions
    if not decision.allowed:
        raise Problem(Code.RATE_LIMITED, headers=limit_headers([decision]))
    return download(export(caller, request.user), FILE_NAME)
