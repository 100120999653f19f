"""The account library's middleware, for pages alone: `/api` knows no session and no login."""

from collections.abc import Callable

from allauth.account.middleware import AccountMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from apps.core.pages import API_PREFIX
from apps.core.problems import Code, Problem

ACCOUNT_PREFIX = "/accounts/"
#: What pages and forms send. Django's classes answer more: their DELETE removed a passkey without
#: a row, a letter or an end of its recovery codes.
METHODS = ("GET", "HEAD", "POST")
_Handler = Callable[[HttpRequest], HttpResponse]


class PageAccounts:
    """Gives pages the request context that the library reads; those of an account, nobody stores.

    The library leaves some of them to caches, recovery codes among them (ASVS 14.3.2).
    """

    def __init__(self, get_response: _Handler) -> None:
        self.get_response = get_response
        self.library = AccountMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        if not request.path_info.startswith(ACCOUNT_PREFIX):
            return self.library(request)
        if request.method not in METHODS:
            allowed = {"Allow": ", ".join(METHODS)}
            return Problem(Code.METHOD_NOT_ALLOWED, headers=allowed).response()
        response = self.library(request)
        add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if request.path_info.startswith(API_PREFIX):
            return None
        return self.library.process_exception(request, exception)
