"""The OpenAPI document of v2, made once per process."""

from functools import cache

from django.urls import include, path

from apps.schema.document import Made, make

_DESCRIPTION = (
    "Real estate listings and the offers that buyers make on them. Every answer, refusals "
    "included, is described here, with who may call and how often, and how sensitive each field is."
)


@cache
def document() -> Made:
    """Every operation of v2."""
    routes = [path("api/v2/", include("apps.api_v2.urls"))]
    return make("Gatehouse API", "2.0.0", _DESCRIPTION, routes)
