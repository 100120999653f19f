"""`API-Version`: a caller may pin the dated minor version that it was written against.

The path says which version answers; the header only makes a mismatch loud instead of silent.
"""

from django.http import HttpRequest, HttpResponse

from apps.core.problems import Code, FieldError, Problem

#: The dated minor versions that each path serves, newest first.
SERVED = {"/api/v1/": ("2025-06-01",), "/api/v2/": ("2026-11-01",)}


def refuse_mismatch(request: HttpRequest) -> None:
    """Raises 400 for a version that this path does not serve."""
    pinned = request.META.get("HTTP_API_VERSION")
    served = _served(request)
    if pinned is None or pinned in served:
        return
    detail = f"Served here: {', '.join(served)}."
    raise Problem(
        Code.VERSION_UNSUPPORTED, errors=[FieldError("#API-Version", "not_a_choice", detail)]
    )


def name_version(request: HttpRequest, response: HttpResponse) -> None:
    """Say on the answer which dated version gave it."""
    served = _served(request)
    if served:
        response["API-Version"] = served[0]


def _served(request: HttpRequest) -> tuple[str, ...]:
    return SERVED.get(request.path_info[:8], ())
