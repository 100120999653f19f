"""Every answer of an operation: the good ones, and each refusal with an example of its document."""

from http import HTTPStatus
from typing import Any, get_args

from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from apps.core.problems import CATALOGUE, MEDIA_TYPE, Code

from .components import put, register
from .examples import example
from .headers import answered
from .problem_shape import ProblemDocument
from .problem_shape import example as problem_example
from .refusals import refusals
from .served import Served

Schema = dict[str, Any]

_RETRY = frozenset({Code.RATE_LIMITED, Code.PENALIZED, Code.REQUEST_IN_PROGRESS, Code.UNAVAILABLE})
_CHALLENGED = frozenset(
    {Code.CREDENTIALS_MISSING, Code.CREDENTIALS_INVALID, Code.INSUFFICIENT_SCOPE}
)


def responses(served: Served, registry: ComponentRegistry) -> Schema:
    """By status, as text."""
    good = {str(served.operation.status): _success(served, served.operation.status, registry)}
    if served.may_create:
        good["201"] = _success(served, 201, registry)
    if served.method == "GET" and served.has_tag:
        good["304"] = {
            "description": "Unchanged: what you have is the current state.",
            "headers": answered(registry, served, "ETag"),
        }
    refused = {
        str(status): _refused(served, status, codes, registry)
        for status, codes in refusals(served).items()
    }
    return good | refused


def _success(served: Served, status: int, registry: ComponentRegistry) -> Schema:
    operation = served.operation
    tagged = served.has_tag or (status == 201 and served.makes_tagged)
    names = [
        *(["Location"] if status == 201 else []),
        *(["ETag"] if tagged and status != 204 else []),
        *(["Idempotent-Replayed"] if operation.idempotency else []),
    ]
    made: Schema = {
        "description": HTTPStatus(status).phrase,
        "headers": answered(registry, served, *names),
    }
    if operation.returns is not None and status != 204:
        schema = register(registry, operation.returns, "serialization")
        shown = _fitting(example(schema, registry), served, status)
        made["content"] = {"application/json": {"schema": schema, "example": shown}}
    return made


def _fitting(shown: Schema, served: Served, status: int) -> Schema:
    """The example with what this very operation would say: its own path, the state it leads to."""
    if served.is_page:
        beside = "page=3" if "count" in shown else "limit=25&cursor=…"
        shown["next"] = f"{served.path}?{beside}"
    if "status" in shown:
        states = get_args(served.operation.returns.model_fields["status"].annotation)
        verb = states[0] if status == 201 else served.words[-1]
        shown["status"] = next((s for s in states if s.startswith(verb)), shown["status"])
    return shown


def _refused(served: Served, status: int, codes: list[Code], registry: ComponentRegistry) -> Schema:
    """Many operations share a refusal, so it is a component named after what it can say."""
    names = [
        *(["Retry-After"] if _RETRY & set(codes) else []),
        *(["WWW-Authenticate"] if _CHALLENGED & set(codes) else []),
    ]
    made = {
        "description": "; ".join(CATALOGUE[code].title for code in codes),
        "headers": answered(registry, served, *names),
        "content": {
            MEDIA_TYPE: {
                "schema": register(registry, ProblemDocument, "serialization"),
                "examples": {str(code): _documented(code, status, registry) for code in codes},
            }
        },
    }
    return put(registry, ResolvedComponent.RESPONSE, "-".join([str(status), *codes]), made)


def _documented(code: Code, status: int, registry: ComponentRegistry) -> Schema:
    made = {"summary": CATALOGUE[code].title, "value": problem_example(code, status)}
    name = str(code) if status == CATALOGUE[code].status else f"{code}-{status}"
    return put(registry, ResolvedComponent.EXAMPLE, name, made)
