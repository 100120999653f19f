"""Pages on which something can be guessed, behind the guard of their flow."""

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.stagekit import unstash_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.core.problems import CATALOGUE, Code, Problem
from apps.ratelimits.guards import Flow, guard

_View = Callable[..., HttpResponse]


def guarded(flow: Flow, account: Callable[[HttpRequest], str]) -> Callable[[_View], _View]:
    """Count each form that is sent, by `account(request)` and by address, before it is read."""

    def behind(view: _View) -> _View:
        @wraps(view)
        def serve(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method == "POST":
                try:
                    guard(flow, account(request), request.address)
                except Problem as refused:
                    return _refusal(request, flow, refused)
            return view(request, *args, **kwargs)

        return serve

    return behind


def typed(field: str) -> Callable[[HttpRequest], str]:
    """The account whose address was typed into this field: the one that the form reads."""
    return lambda request: request.POST.get(field, "")


def signed_in(request: HttpRequest) -> str:
    """The account of whoever is signed in; it is counted as if its address were typed."""
    return request.user.email if request.user.is_authenticated else ""


def half_signed_in(request: HttpRequest) -> str:
    """The account whose password was right and whose second factor is asked for."""
    if request.user.is_authenticated:
        return request.user.email
    login = unstash_login(request, peek=True)
    return login.user.email if login and login.user else ""


def _refusal(request: HttpRequest, flow: Flow, refused: Problem) -> HttpResponse:
    """A page for people, whose browsers ask for one; the problem document for everything else."""
    if "text/html" not in request.META.get("HTTP_ACCEPT", ""):
        return refused.response()
    seconds = int(refused.headers["Retry-After"])
    context = {
        "wait": _in_words(seconds),
        "broken": refused.code is Code.UNAVAILABLE,
        "reset_ends_it": flow is Flow.LOGIN,
    }
    status = CATALOGUE[refused.code].status
    response = render(request, "account/wait.html", context, status=status)
    response["Retry-After"] = str(seconds)
    return response


def _in_words(seconds: int) -> str:
    """Rounded up, so that whoever comes back then is not too early."""
    minutes = -(-seconds // 60)
    number, unit = (minutes, "minute") if minutes < 120 else (-(-minutes // 60), "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"
