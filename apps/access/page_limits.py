"""Limits of everything outside `/api`: pages and health probes, per address."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.core.pages import API_PREFIX
from apps.core.problems import Code, Problem
from apps.ratelimits.headers import limit_headers
from apps.ratelimits.limiter import Charge, address_bucket, charge
from apps.ratelimits.policies import POLICIES

#: By path; everything else is a page.
POLICY_OF_PATH = {"/healthz": "probes", "/readyz": "probes"}


class PageLimits:
    """Refuses with 429; login forms have their own, tighter limits on top."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        policy = POLICIES[POLICY_OF_PATH.get(request.path_info, "pages")]
        decisions = charge([Charge(policy, address_bucket(request.address))])
        if all(decision.allowed for decision in decisions):
            return self.get_response(request)
        headers = limit_headers(decisions)
        return Problem(Code.RATE_LIMITED, headers=headers).response()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page's own refusal, such as that of `guard`, is its answer."""
        if request.path_info.startswith(API_PREFIX) or not isinstance(exception, Problem):
            return None
        return exception.response()
