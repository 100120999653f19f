"""The pages: the API reference and the explanation of every problem code.

They say the same to everyone and to nobody in particular: no session, no cookie, no form. Each is
made once per process.
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from apps.api_v1 import openapi as v1
from apps.api_v2 import openapi as v2
from apps.core.data_classes import CACHE_CONTROL, DataClass
from apps.core.problems import CATALOGUE, Code
from apps.ratelimits.policies import POLICIES, PolicyName
from apps.schema.problem_shape import example

from .json_view import json_view
from .meanings import MEANINGS
from .reference import Reference

_TIERS = (
    (PolicyName.FREE, "A free key"),
    (PolicyName.PARTNER, "A partner's key"),
    (PolicyName.INTERNAL, "An internal key"),
    (PolicyName.ADDRESS, "All keys from one address together"),
    (PolicyName.ANONYMOUS, "An address without a key"),
    (PolicyName.SEARCH, "An address without a key, searching listings"),
)


@require_safe
def reference(_request: HttpRequest) -> HttpResponse:
    """`/docs/`: every operation."""
    return _page(_reference("reference"))


@require_safe
def reference_v1(_request: HttpRequest) -> HttpResponse:
    """`/docs/v1`: every operation of the deprecated version, for as long as it is served."""
    return _page(_reference("reference_v1"))


@require_safe
def migrate(_request: HttpRequest) -> HttpResponse:
    """`/docs/migrate-v1-v2`: where the links of a deprecated answer lead."""
    return _page(_rendered("migrate", sunset=settings.V1_SUNSET))


@require_safe
def errors(_request: HttpRequest) -> HttpResponse:
    """`/docs/errors/`: every problem code."""
    return _page(_errors())


@require_safe
def error(_request: HttpRequest, code: str) -> HttpResponse:
    """`/docs/errors/<code>`: where the `type` of a problem document leads."""
    if code not in Code.__members__.values():
        raise Http404
    return _page(_error(Code(code)))


def _page(html: str) -> HttpResponse:
    return HttpResponse(html, headers={"Cache-Control": CACHE_CONTROL[DataClass.PUBLIC]})


@cache
def _reference(page: str) -> str:
    read = _READ[page]()
    return _rendered(
        "reference",
        page=page,
        sunset=settings.V1_SUNSET if read.is_deprecated else None,
        version=read.version,
        dates=read.dates,
        info=read.info,
        server=read.server,
        resources=read.resources(),
        limits=[
            (words, f"{POLICIES[name].quota:,}", f"{POLICIES[name].burst:,}")
            for name, words in _TIERS
        ],
        caching=CACHE_CONTROL,
    )


@cache
def _errors() -> str:
    rows = sorted((meaning.status, code, meaning.remedy) for code, meaning in CATALOGUE.items())
    return _rendered("errors", rows=rows)


@cache
def _error(code: Code) -> str:
    for page in _READ:
        shown = [o for resource in _READ[page]().resources() for o in resource.operations]
        answered_by = [o for o in shown if code in {answered for _, answered, _ in o.errors}]
        if answered_by:
            break
    return _rendered(
        "error",
        code=code,
        catalogued=CATALOGUE[code],
        meaning=MEANINGS[code],
        example=json_view(example(code)),
        answered_by=answered_by,
        reference=page,
        operations=len(shown),
    )


def _rendered(name: str, **context: Any) -> str:
    # Without the request: no context processor looks at a session, and no cookie is made.
    return render_to_string(f"portal/{name}.html", {"page": name, **context})


#: The pages of operations: the newest version first.
_READ = {
    "reference": lambda: Reference(v2.document().members),
    "reference_v1": lambda: Reference(v1.document().members),
}
