"""What a stack hands over, and what its answers are held to."""

import json
from decimal import Decimal

import pytest

from benchmarks.target import FIELDS, Ask, Endpoint, Target, complaint, dumps, loads

LISTING = dict.fromkeys(FIELDS, "x")
TARGET = Target(
    detail=Ask("GET", "/1"),
    page=Ask("GET", "/"),
    post=Ask("POST", "/", {"city": "Cañon City", "price": Decimal("425000.00")}),
    authorization="Bearer not-a-real-one",
)


def test_a_target_survives_the_pipe():
    read = loads(dumps(TARGET))
    assert read.headers == TARGET.headers
    assert json.loads(read.post.data) == {"city": "Cañon City", "price": "425000.00"}
    assert read.detail == TARGET.detail


def test_a_credential_is_not_shown():
    assert "not-a-real-one" not in repr(TARGET)


def test_a_stack_without_a_credential_sends_none():
    assert "Authorization" not in Target(TARGET.detail, TARGET.page, TARGET.post).headers


@pytest.mark.parametrize(
    ("endpoint", "status", "answer", "wrong"),
    [
        (Endpoint.DETAIL, 200, LISTING, None),
        (Endpoint.POST, 201, LISTING, None),
        (Endpoint.POST, 200, LISTING, "status 200"),
        (Endpoint.DETAIL, 429, {}, "status 429"),
        (Endpoint.PAGE, 200, {"results": [LISTING] * 25}, None),
        (Endpoint.PAGE, 200, {"results": [LISTING] * 24}, "24 rows in a page of 25"),
        (Endpoint.DETAIL, 200, {**LISTING, "more": 1}, "fields differ: more"),
    ],
)
def test_an_answer_that_is_not_the_common_one_is_refused(endpoint, status, answer, wrong):
    assert complaint(endpoint, status, json.dumps(answer).encode()) == wrong


def test_a_missing_field_is_refused():
    short = {name: "x" for name in FIELDS if name != "street_address"}
    assert complaint(Endpoint.DETAIL, 200, json.dumps(short).encode()) == (
        "fields differ: street_address"
    )
