"""One operation of an OpenAPI document, resolved and put into words."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.utils.safestring import SafeString

from apps.agencies.roles import Role

from .curl import command
from .fields import Field, Resolve, fields, one
from .json_view import json_view

Schema = dict[str, Any]

_JSON = "application/json"
_PROBLEM = "application/problem+json"
#: Every request may carry it and every answer does: told once, under Basics.
_EVERYWHERE = {"X-Request-ID", "API-Version", "Access-Control-Allow-Origin"}
_PLACES = {"path": "In the path", "query": "In the query", "header": "In headers"}
#: Counted with the row that is made, not with the request.
_OF_THE_DOMAIN = {"offers": "a buyer", "listing-offers": "a buyer on one listing"}
_WINDOWS = {60: "a minute", 3_600: "an hour", 86_400: "a day"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: its status line, the headers worth a word, its fields, and an example."""

    status: str
    phrase: str
    headers: list[tuple[str, str]]
    fields: list[Field]
    example: SafeString | None


@dataclass(frozen=True, slots=True)
class Shown:
    """`parameters`: heading and rows; `errors`: status, code and title."""

    id: str
    method: str
    path: str
    summary: str
    why: str
    who: str
    anonymous: bool
    scope: str | None
    limits: list[str]
    data_class: str
    parameters: list[tuple[str, list[Field]]]
    body: list[Field]
    answers: list[Answer]
    errors: list[tuple[str, str, str]]
    curl: str


def show(server: str, path: str, method: str, operation: Schema, resolve: Resolve) -> Shown:
    """The operation of this path and method."""
    parameters = [resolve(parameter) for parameter in operation["parameters"]]
    body = operation.get("requestBody", {}).get("content", {}).get(_JSON, {})
    example = body.get("example") or None
    anonymous = {} in operation["security"]
    return Shown(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        # The last paragraph says who may call, as the members below do.
        why=operation["description"].rpartition("\n\n")[0],
        who="Anyone" if anonymous else _who(operation["x-roles"]),
        anonymous=anonymous,
        scope=operation["x-required-scope"],
        limits=_limits(operation["x-rate-limit"]),
        data_class=operation["x-data-classification"],
        parameters=_grouped(parameters),
        body=fields(body["schema"], resolve) if body else [],
        answers=_answers(operation["responses"], resolve),
        errors=_errors(operation["responses"], resolve),
        curl=command(server, path, method.upper(), parameters, example, anonymous),
    )


def _grouped(parameters: list[Schema]) -> list[tuple[str, list[Field]]]:
    groups = []
    for place, heading in _PLACES.items():
        rows = [
            one(p["name"], p["schema"], p["required"], "", about=p.get("description", ""))
            for p in parameters
            if p["in"] == place and p["name"] not in _EVERYWHERE
        ]
        if rows:
            groups.append((heading, rows))
    return groups


def _answers(responses: Schema, resolve: Resolve) -> list[Answer]:
    found = []
    for status, response in responses.items():
        if status >= "400":
            continue
        content = response.get("content", {}).get(_JSON)
        found.append(
            Answer(
                status=status,
                phrase=HTTPStatus(int(status)).phrase,
                headers=_headers(response, resolve),
                fields=fields(content["schema"], resolve) if content else [],
                example=json_view(content["example"]) if content else None,
            )
        )
    return found


def _headers(response: Schema, resolve: Resolve) -> list[tuple[str, str]]:
    described = {name: resolve(said) for name, said in response["headers"].items()}
    return [
        (name, said["description"])
        for name, said in described.items()
        if not said["required"] and name not in _EVERYWHERE
    ]


def _errors(responses: Schema, resolve: Resolve) -> list[tuple[str, str, str]]:
    return [
        (status, code, resolve(example)["summary"])
        for status, response in responses.items()
        if status >= "400"
        for code, example in resolve(response)["content"][_PROBLEM]["examples"].items()
    ]


def _who(roles: list[str]) -> str:
    if len(roles) == len(Role):
        return "Any role"
    return ", ".join(role.replace("_", " ") for role in roles).capitalize()


def _limits(policies: Schema) -> list[str]:
    """The tightest limit of a free key and, where none is needed, of a bare address.

    Then what one request costs where that is more than one, and the limits of the domain.
    """
    said = []
    for caller, words in (("anonymous", "without a key"), ("free", "with a free key")):
        if caller in policies:
            buckets = [one for one in policies[caller] if one["policy"] not in _OF_THE_DOMAIN]
            tightest = min(buckets, key=lambda one: one["quota"] / one["cost"] / one["window"])
            window = _WINDOWS[tightest["window"]]
            said.append(f"{tightest['quota']:,} {window} {words}, {tightest['burst']:,} at once")
    cost = max(policy["cost"] for policy in policies["free"])
    said += [f"each counts as {cost}"] if cost > 1 else []
    for policy in policies["free"]:
        if policy["policy"] in _OF_THE_DOMAIN:
            words = _OF_THE_DOMAIN[policy["policy"]]
            said.append(f"{policy['quota']} {_WINDOWS[policy['window']]} {words}")
    return said
