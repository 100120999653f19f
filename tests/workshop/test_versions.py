"""An attack is written in the words of v2, and said to each version in its own."""

import pytest

from apps.workshop.registry import practices
from apps.workshop.run import Caller
from apps.workshop.target import Answer
from apps.workshop.versions import V1, V2

MONEY = {"amount": "425000.75", "currency": "USD"}


@pytest.mark.parametrize(
    ("path", "of_v1"),
    [
        ("listings", "/api/v1/listings"),
        ("listings?limit=1&ordering=price", "/api/v1/listings?page_size=1&ordering=price"),
        ("offers?limit=1&limit=100", "/api/v1/offers?page_size=1&page_size=100"),
        ("listings?city=limit", "/api/v1/listings?city=limit"),
        ("/api/v2/me?limit=1", "/api/v2/me?limit=1"),
    ],
)
def test_a_path_is_below_its_version(path: str, of_v1: str):
    assert V1.path(path) == of_v1
    assert V2.path(path) == (path if path.startswith("/") else f"/api/v2/{path}")


def test_a_body_is_in_the_words_of_its_version():
    body = {"title": "A", "state_code": "CO", "price": MONEY, "national_id": "x", "bedrooms": 3}
    assert V1.said(body) == {"name": "A", "state": "CO", "price": 425000, "bedrooms": 3}
    assert V2.said(body) == body


@pytest.mark.parametrize("value", [{"amount": "x", "currency": "USD"}, {"amount": "1"}, [MONEY]])
def test_what_is_no_amount_stays_the_attack_that_it_is(value: object):
    assert V1.said({"price": value}) == {"price": value}


class Recorder:
    """A target that remembers what it was sent."""

    def send(self, *request: object) -> Answer:
        self.request = request
        return Answer(200, {}, b"")


def test_a_path_of_its_own_and_bytes_are_not_translated():
    target = Recorder()
    caller = Caller(target, V1, "127.0.0.1")
    caller.post("listings", {"title": "A"})
    assert target.request[1:4:2] == ("/api/v1/listings", b'{"name": "A"}')
    caller.post("/api/v2/listings", {"title": "A"})
    assert target.request[1:4:2] == ("/api/v2/listings", b'{"title": "A"}')
    caller.post("listings", b'{"title": "A"}')
    assert target.request[3] == b'{"title": "A"}'


def test_a_row_that_leaves_a_version_out_says_why():
    for practice in practices():
        assert (practice.versions == (V1, V2)) == (not practice.because), practice.id
        assert practice.tried_on
