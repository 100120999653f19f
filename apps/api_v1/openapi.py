"""The OpenAPI document of v1, made once per process."""

from functools import cache

from django.urls import include, path

from apps.schema.document import Made, make

_DESCRIPTION = (
    "Deprecated, and closed on the day that the header Sunset names: use v2. The same listings and "
    "offers, with prices in whole dollars and numbered pages, under the same controls."
)


@cache
def document() -> Made:
    """Every operation of v1."""
    routes = [path("api/v1/", include("apps.api_v1.urls"))]
    return make("Gatehouse API", "1.0.0", _DESCRIPTION, routes)
