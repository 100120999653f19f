"""Every code of the contract that can be reached today is reached, and says what it must."""

import json

import pytest

from apps.core.problems import CATALOGUE, Code
from tests.api import assert_problem

from .answers import REFUSALS
from .cast import Cast

#: Codes whose cause is not built yet.
LATER = {"upstream_failed", "unavailable"}


@pytest.mark.parametrize("code", REFUSALS)
def test_the_code_is_reached_with_its_status(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    response = REFUSALS[code](cast, monkeypatch)

    document = assert_problem(response, CATALOGUE[Code(code)].status, code)
    assert document["type"] == f"http://localhost:8000/docs/errors/{code}"
    assert document["title"] == CATALOGUE[Code(code)].title
    assert document["detail"][-1] == "."


def test_no_code_is_forgotten() -> None:
    assert set(REFUSALS) | LATER == set(Code)
    assert not set(REFUSALS) & LATER


#: Where the refusal speaks of the input, it says where.
POINTERS = {
    "malformed_credential": ["#Authorization"],
    "masked_value": ["/phone"],
    "version_unsupported": ["#API-Version"],
    "idempotency_key_required": ["#Idempotency-Key"],
    "precondition_required": ["#If-Match"],
}


@pytest.mark.parametrize("code", POINTERS)
def test_a_refused_input_is_pointed_at(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    document = json.loads(REFUSALS[code](cast, monkeypatch).content)

    assert [error["pointer"] for error in document["errors"]] == POINTERS[code]


def test_every_fault_of_a_body_is_named_at_once(cast: Cast) -> None:
    body = {"title": 7, "bedrooms": 51, "price": {"amount": "x"}, "flag": True, "agency": "me"}
    document = assert_problem(cast.manager.post("listings", body), 400, "validation_failed")

    found = {error["pointer"]: error["code"] for error in document["errors"]}
    assert found == {
        "/title": "wrong_type",
        "/city": "required",
        "/state_code": "required",
        "/street_address": "required",
        "/price/amount": "wrong_format",
        "/price/currency": "required",
        "/bedrooms": "too_large",
        "/flag": "unknown_field",
        "/agency": "read_only",
    }
    assert all(set(error) == {"pointer", "code", "detail"} for error in document["errors"])


def test_a_pointer_escapes_what_json_pointers_escape(cast: Cast) -> None:
    document = assert_problem(cast.manager.post("listings", {"a/b~c": 1}), 400, "validation_failed")

    assert "/a~1b~0c" in {error["pointer"] for error in document["errors"]}


def test_a_hostile_body_gets_a_short_answer(cast: Cast) -> None:
    body = {("x" * 500) + str(number): 1 for number in range(90)}
    response = cast.manager.post("listings", body)

    document = assert_problem(response, 400, "validation_failed")
    assert len(document["errors"]) == 50
    assert len(response.content) < 20_000


def test_a_fault_of_ours_tells_nothing_but_its_id(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = REFUSALS["internal_error"](cast, monkeypatch)

    for told in (b"SELECT", b"/srv", b"RuntimeError", b"Traceback", b"apps."):
        assert told not in response.content
