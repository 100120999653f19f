"""The served document, and how its parts are looked up and held against real answers."""

import json
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from apps.api_v2 import openapi
from apps.core.problems import MEDIA_TYPE
from apps.schema.headers import ANSWERED

DOCUMENT: dict[str, Any] = json.loads(openapi.document().body)
#: Every operation by its id: path, method and the operation itself.
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (path, method.upper(), operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """What a reference points to."""
    if "$ref" not in node:
        return node
    kind, name = node["$ref"].split("/")[-2:]
    return DOCUMENT["components"][kind][name]


def operation(name: str) -> dict[str, Any]:
    return OPERATIONS[name][2]


def answers(name: str) -> dict[str, dict[str, Any]]:
    """The responses of an operation by status."""
    return {status: resolved(said) for status, said in operation(name)["responses"].items()}


def codes(name: str) -> set[str]:
    """Every problem code that an operation is said to answer."""
    return {
        code
        for status, said in answers(name).items()
        if status >= "400"
        for code in said["content"][MEDIA_TYPE]["examples"]
    }


def parameters(name: str, place: str) -> dict[str, dict[str, Any]]:
    """The parameters of an operation that stand in this place."""
    found = [resolved(parameter) for parameter in operation(name)["parameters"]]
    return {parameter["name"]: parameter for parameter in found if parameter["in"] == place}


def assert_valid(value: Any, schema: dict[str, Any]) -> None:
    """The value is what the schema says, formats and references included."""
    whole = {**schema, "components": DOCUMENT["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(value)


def assert_documented(response: Any, name: str) -> None:
    """Status, media type, headers and body of a real answer are what the document says."""
    said = answers(name).get(str(response.status_code))
    assert said, f"{name} answers {response.status_code}: {response.getvalue()[:300]!r}"
    _assert_headers(response, said["headers"])
    if "content" not in said:
        assert response.getvalue() == b""
        return
    media_type, content = next(iter(said["content"].items()))
    assert response["Content-Type"] == media_type
    body = json.loads(response.getvalue())
    assert_valid(body, content["schema"])
    if media_type == MEDIA_TYPE:
        assert body["code"] in content["examples"], f"{name} answers {body['code']}"


def _assert_headers(response: Any, said: dict[str, Any]) -> None:
    for name, header in said.items():
        described = resolved(header)
        assert name in response or not described["required"], f"{name} is missing"
        if name in response:
            number = described["schema"]["type"] == "integer"
            value = int(response[name]) if number else response[name]
            assert_valid(value, described["schema"])
    assert not {name for name in ANSWERED.keys() - said.keys() if name in response}
