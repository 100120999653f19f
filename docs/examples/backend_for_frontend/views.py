"""The pages and the proxy. The browser never sees a token, and calls no address but ours."""

import logging
from pathlib import Path

import requests
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import sign_in, tokens

log = logging.getLogger(__name__)
_HERE = Path(__file__).parent
#: What this frontend needs. A proxy for everything would give a script that got in everything.
_ALLOWED = {("GET", "me"), ("GET", "listings"), ("POST", "listings")}
_PASSED_ON = ("Content-Type", "Retry-After", "Location")


@require_GET
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    return FileResponse((_HERE / "page.html").open("rb"), content_type="text/html; charset=utf-8")


@require_GET
def script(request: HttpRequest) -> HttpResponse:
    return FileResponse((_HERE / "page.js").open("rb"), content_type="text/javascript")


@require_GET
def login(request: HttpRequest) -> HttpResponse:
    return sign_in.begin(request)


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    try:
        tokens.keep(request.session, sign_in.finish(request))
    except sign_in.Refused as refused:
        log.warning("sign-in refused: %s", refused)
        return HttpResponse("Signing in did not work.", "text/plain", status=400)
    return redirect("/")


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    try:
        tokens.end(request.session)
    except requests.RequestException:
        log.error("signed out here, and the provider could not be told")
        return HttpResponse(status=502)
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
def api(request: HttpRequest, path: str) -> HttpResponse:
    """Pass an allowed request on, with the session's token in place of its cookie."""
    if (request.method, path) not in _ALLOWED:
        return JsonResponse({"detail": "This frontend has no business there."}, status=404)
    try:
        token = tokens.current(request.session)
    except tokens.SignedOut:
        return JsonResponse({"detail": "Sign in first."}, status=401)
    answer = requests.request(
        request.method,
        f"{settings.GATEHOUSE}/api/v2/{path}",
        params=request.GET,
        data=request.body or None,
        headers={"Authorization": f"Bearer {token}", "Content-Type": request.content_type or ""},
        timeout=10,
        allow_redirects=False,
    )
    response = HttpResponse(answer.content, status=answer.status_code)
    for name in _PASSED_ON:
        if name in answer.headers:
            response[name] = answer.headers[name]
    return response
