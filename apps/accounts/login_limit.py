"""Interactive login: guarded per account and per address, and recorded either way."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.audit.actors import Visitor
from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb
from apps.ratelimits.guards import Flow, failed, guard


def limited_login(
    request: HttpRequest, login: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """Run a login view under its guard. A redirect after a POST is a success.

    Raises what `guard` raises; PageLimits answers with it.
    """
    if request.method != "POST":
        return login(request)
    guard(Flow.LOGIN, request.POST.get("username", ""), request.address)
    response = login(request)
    _record(request, response)
    return response


def _record(request: HttpRequest, response: HttpResponse) -> None:
    # A login form redirects only when it accepts. Who was signed in before proves nothing.
    if response.status_code == 302:
        record(Verb.LOGIN_SUCCEEDED, Visitor(request.user.pk))
    else:
        record(Verb.LOGIN_FAILED, Visitor(None), outcome=Outcome.REFUSED)
        failed(Flow.LOGIN, request.address)
