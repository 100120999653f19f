"""Django's page middleware, kept away from `/api`.

The API ignores cookies altogether: no session is looked up, no CSRF token is made, and a stolen
or forged cookie can do nothing there. It also costs an API request nothing.
"""

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

API_PREFIX = "/api/"


class _PagesOnly:
    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        return super().__call__(request)


class PageAssets(_PagesOnly, WhiteNoiseMiddleware):
    """Static files of our own pages."""


class PageSessions(_PagesOnly, SessionMiddleware):
    """Server-side sessions."""


class PageCsrf(_PagesOnly, CsrfViewMiddleware):
    """CSRF tokens for forms."""


class PageUser(_PagesOnly, AuthenticationMiddleware):
    """`request.user` from the session."""


class PageMessages(_PagesOnly, MessageMiddleware):
    """One-time notices."""
