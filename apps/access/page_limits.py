"""Limits of everything outside `/api`: pages and health probes, per address.

Penalties do not close pages, where whoever is penalized can read why. Forms where people guess have
guards of their own on top (apps/ratelimits/guards.py).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.core.pages import API_PREFIX
from apps.core.problems import Code, Problem
from apps.ratelimits.headers import limit_headers
from apps.ratelimits.limiter import Charge, address_bucket, charge
from apps.ratelimits.policies import POLICIES, Policy, PolicyName

#: The policy of each page's route, by its first segment.
POLICY_OF_SEGMENT = {
    "": PolicyName.PAGES,
    "docs": PolicyName.PAGES,
    "admin": PolicyName.PAGES,
    "accounts": PolicyName.PAGES,
    "account": PolicyName.PAGES,
    "oauth": PolicyName.PAGES,
    ".well-known": PolicyName.PAGES,
    "healthz": PolicyName.PROBES,
    "readyz": PolicyName.PROBES,
    "metrics": PolicyName.PROBES,
}
#: What servers call, many times as often as people open pages; with guards of its own on top.
POLICY_OF_PATH = {
    "/oauth/token": PolicyName.ADDRESS,
    "/oauth/revoke": PolicyName.ADDRESS,
    "/oauth/introspect": PolicyName.ADDRESS,
    "/oauth/userinfo": PolicyName.ADDRESS,
}


def policy_of(path: str) -> Policy | None:
    """The policy that this path names; None where nobody gave its route one."""
    segment = path.removeprefix("/").partition("/")[0]
    name = POLICY_OF_PATH.get(path) or POLICY_OF_SEGMENT.get(segment)
    return POLICIES[name] if name else None


class PageLimits:
    """Refuses with 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        # A path without a route, or one that the system check should have stopped, is a page.
        policy = policy_of(request.path_info) or POLICIES[PolicyName.PAGES]
        decisions = charge([Charge(policy, address_bucket(request.address))]).decisions
        if all(decision.allowed for decision in decisions):
            return self.get_response(request)
        headers = limit_headers(decisions)
        return Problem(Code.RATE_LIMITED, headers=headers).response()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page's own refusal, such as that of a guard, is its answer."""
        if request.path_info.startswith(API_PREFIX) or not isinstance(exception, Problem):
            return None
        return exception.response()
