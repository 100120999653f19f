"""v1 is deprecated, says so on every answer, and ends on its day.

`Deprecation` is RFC 9745 (a structured-field date), `Sunset` RFC 8594 (an HTTP date), the links
RFC 9745 section 3 and RFC 5829. After the sunset every request is answered 410, whoever asks.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.core.problems import Code, Problem

from .models import V1Use

PREFIX = "/api/v1/"
DEPRECATED_SINCE = datetime(2026, 11, 1, tzinfo=UTC)


class Deprecation:
    """Adds the headers, counts who still calls, and closes the version after its sunset."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = self._answer(request)
        response["Deprecation"] = f"@{int(DEPRECATED_SINCE.timestamp())}"
        response["Sunset"] = format_datetime(settings.V1_SUNSET, usegmt=True)
        response["Link"] = _links()
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if datetime.now(UTC) >= settings.V1_SUNSET:
            return Problem(Code.VERSION_GONE).response()
        response = self.get_response(request)
        credential = getattr(request, "credential", None)
        if credential is not None and not credential.is_anonymous:
            V1Use.count(credential.name)
        return response


def _links() -> str:
    guide = f"{settings.PUBLIC_URL}/docs/migrate-v1-v2"
    return (
        f'<{guide}>; rel="deprecation"; type="text/html", '
        f'<{guide}>; rel="sunset"; type="text/html", '
        f'<{settings.PUBLIC_URL}/api/v2/openapi.json>; rel="successor-version"'
    )
