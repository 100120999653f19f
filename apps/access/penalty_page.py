"""The page at which a platform admin sees penalties and lifts them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from redis.exceptions import RedisError

from apps.agencies.models import Membership
from apps.agencies.roles import Role
from apps.audit.actors import Visitor
from apps.core.problems import Code, Problem

from . import penalties


def penalty_page(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    """GET lists, POST lifts the one named `subject`. Raises PermissionDenied for other roles."""
    admins = Membership.objects.filter(role=Role.PLATFORM_ADMIN)
    if not admins.filter(user=request.user.pk).exists():
        raise PermissionDenied
    try:
        if request.method == "POST":
            return _lift(request)
        rows = penalties.in_force()
    except RedisError:
        return Problem(Code.UNAVAILABLE, headers={"Retry-After": "1"}).response()
    return render(request, "access/penalties.html", {**context, "rows": rows})


def _lift(request: HttpRequest) -> HttpResponse:
    try:
        subject = penalties.subject_of(request.POST.get("subject", ""))
    except ValueError as wrong:
        messages.error(request, f"This is {wrong}.")
        return redirect(request.path)
    penalties.lift(Visitor(request.user.pk), subject)
    messages.success(request, f"{subject} may go on.")
    return redirect(request.path)
