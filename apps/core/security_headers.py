"""Security headers on every response, errors included (ASVS 3.4.3 to 3.4.8).

Not here on purpose: `Strict-Transport-Security` has one owner, the edge (deploy/nginx), because
only the edge knows that TLS stands. `X-XSS-Protection` is obsolete and did harm where it worked.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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


class SecurityHeaders:
    """Adds the headers; a view that set its own policy keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        policy = PAGE_POLICY if is_page else DATA_POLICY
        referrer = PAGE_REFERRER if is_page else DATA_REFERRER
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Referrer-Policy", referrer)
        return response
