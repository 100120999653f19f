"""One log line for every request.

Says who (the credential's id, never the credential), what (the route's template, never the query)
and how it ended. Personal values and secrets have no field here, so they cannot appear.
"""

import logging
import re
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

log = logging.getLogger("gatehouse.request")

#: W3C Trace Context, 3.2.2: version 00, neither id all zeros.
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


class RequestLog:
    """Writes the line when the response is ready."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        log.info("request", extra={"fields": _fields(request, response, started)})
        return response


def _fields(request: HttpRequest, response: HttpResponse, started: float) -> dict[str, object]:
    match = request.resolver_match
    credential = getattr(request, "credential", None)
    problem = getattr(response, "problem", None)
    trace = _TRACEPARENT.fullmatch(request.META.get("HTTP_TRACEPARENT", ""))
    return {
        "method": request.method,
        "route": match.route if match else None,
        "status": response.status_code,
        "code": problem.code if problem else None,
        "faults": problem.faults() if problem else None,
        "milliseconds": round((time.perf_counter() - started) * 1000, 2),
        "bytes": 0 if response.streaming else len(response.content),
        "address": request.address,
        "trace_id": trace[1] if trace else None,
        "credential": credential.name if credential else None,
        "user": str(credential.user_id) if credential and credential.user_id else None,
    }
