"""The outermost middleware: every request gets an id and an address before anything can fail."""

import re
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .address import client_address
from .request_context import RequestFacts, current_request

#: A caller's own id is kept only in this shape: anything else could forge log lines (ASVS 16.4.1).
ACCEPTED_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdentity:
    """Sets `request.id`, `request.address` and the facts that audit and log read.

    Refuses a host outside ALLOWED_HOSTS before any view runs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        claimed = request.META.get("HTTP_X_REQUEST_ID", "")
        request.id = claimed if ACCEPTED_ID.fullmatch(claimed) else uuid4().hex
        request.address = client_address(request.META, settings.TRUSTED_PROXIES)
        facts = RequestFacts(request.id, request.address, request.method or "")
        token = current_request.set(facts)
        try:
            response = self.get_response(request)
        finally:
            current_request.reset(token)
        response["X-Request-ID"] = request.id
        if not response.streaming and response.status_code not in (204, 304):
            # Without it the server would have to chunk every answer.
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    def process_view(self, request: HttpRequest, *_: object) -> None:
        current_request.get().route = request.resolver_match.route
        # Raises DisallowedHost, answered with 400: whoever builds a URL from it builds ours.
        request.get_host()
