"""The closed set of problem documents."""

import json

import pytest

from apps.core.problems import CATALOGUE, MEDIA_TYPE, Code, FieldError, Problem, invalid
from tests.api import PROBLEM

#: The set that contract.md names, to the letter.
CONTRACT = """
malformed_credential credential_exposed credentials_missing credentials_invalid insufficient_scope
not_permitted browser_key second_factor_required not_found method_not_allowed payload_too_large
length_required unsupported_media_type not_acceptable malformed_body validation_failed masked_value
idempotency_key_required idempotency_key_reused request_in_progress precondition_required
precondition_failed conflict rate_limited penalized version_unsupported version_gone
upstream_failed unavailable internal_error
"""


def test_the_codes_are_those_of_the_contract() -> None:
    assert sorted(Code) == sorted(CONTRACT.split())


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_whole_document(code: Code) -> None:
    response = Problem(code).response()
    document = json.loads(response.content)

    assert set(document) == PROBLEM
    assert document["code"] == code
    assert document["type"] == f"http://localhost:8000/docs/errors/{code}"
    assert document["status"] == response.status_code == CATALOGUE[code].status
    assert document["title"] and document["detail"]
    assert response["Content-Type"] == MEDIA_TYPE
    assert response["Cache-Control"] == "no-store"


def test_every_fault_of_an_input_stands_in_the_document() -> None:
    refused = invalid(FieldError("/a", "required", "One."), FieldError("?b", "duplicate", "Two."))

    assert refused.document()["errors"] == [
        {"pointer": "/a", "code": "required", "detail": "One."},
        {"pointer": "?b", "code": "duplicate", "detail": "Two."},
    ]


def test_no_title_is_used_twice() -> None:
    assert len({meaning.title for meaning in CATALOGUE.values()}) == len(Code)
