"""Security headers on every response, errors included (ASVS 3.4.3 to 3.4.8).

Not here on purpose: `Strict-Transport-Security` has one owner, the edge (deploy/nginx), because
only the edge knows that TLS stands. `X-XSS-Protection` is obsolete and did harm where it worked.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders

#: Data is never a document: nothing loads, nothing runs, nothing may frame it.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
#: Our pages carry their own assets and no inline script or style.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

#: Under no-referrer a browser would send the forms of our own pages with `Origin: null`, which is
#: refused as forged. No other origin is told anything either way.
DATA_REFERRER, PAGE_REFERRER = "no-referrer", "same-origin"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# Made once: Django checks and converts each header that is set, and for constants on every answer
# that cost more than decrypting a field.
_DATA = ResponseHeaders(
    HEADERS | {"Content-Security-Policy": DATA_POLICY, "Referrer-Policy": DATA_REFERRER}
)
_PAGE = ResponseHeaders(
    HEADERS | {"Content-Security-Policy": PAGE_POLICY, "Referrer-Policy": PAGE_REFERRER}
)


class SecurityHeaders:
    """Adds the headers; a view that set its own policy keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        ours = _PAGE if is_page else _DATA
        # By lower-case name; what the view set stands.
        response.headers._store = ours._store | response.headers._store
        return response
