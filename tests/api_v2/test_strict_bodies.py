"""Bodies that are no JSON, or not the JSON that was asked for: 400, and nothing is written."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.listings.models import Listing
from apps.offers.models import Offer
from tests import world
from tests.api import assert_problem

from .answers import ONCE, bid_on
from .cast import Cast

WHOLE = json.dumps(world.NEW_LISTING)


def spoiled(**raw: str) -> bytes:
    """A new listing whose members are replaced by raw JSON."""
    members = {name: json.dumps(value) for name, value in world.NEW_LISTING.items()} | raw
    return ("{" + ",".join(f'"{name}":{value}' for name, value in members.items()) + "}").encode()


MALFORMED = {
    "empty": b"",
    "no JSON": b"title=x",
    "cut off": WHOLE[:-1].encode(),
    "an array": f"[{WHOLE}]".encode(),
    "a string": b'"listing"',
    "a number": b"1",
    "null": b"null",
    "a key twice": WHOLE.replace('{"title"', '{"bedrooms": 1, "title"', 1).encode(),
    "NaN": spoiled(bedrooms="NaN"),
    "Infinity": spoiled(bedrooms="Infinity"),
    "1e999": spoiled(bedrooms="1e999"),
    "a huge integer": spoiled(bedrooms="9" * 5_000),
    "depth 21": spoiled(extra="[" * 20 + "]" * 20),
    "depth 2,000": spoiled(extra="[" * 2_000 + "]" * 2_000),
    "depth 100,000": spoiled(extra='{"a":' * 100_000 + "1" + "}" * 100_000),
    "half a character": spoiled(title='"\\ud800"'),
    "a byte order mark": b"\xef\xbb\xbf" + WHOLE.encode(),
    "UTF-16": WHOLE.encode("utf-16"),
    "Latin-1": json.dumps(world.NEW_LISTING, ensure_ascii=False).encode("latin-1"),
    "a raw NUL": spoiled(title='"a\x00b"'),
    "many members": json.dumps({str(number): 1 for number in range(50_000)}).encode(),
}
INVALID = {
    "depth 20": (spoiled(extra="[" * 19 + "]" * 19), "/extra"),
    "a float": (spoiled(bedrooms="3.5"), "/bedrooms"),
    "a small exponent": (spoiled(bedrooms="1e-1"), "/bedrooms"),
    "a large exponent": (spoiled(bedrooms="1e30"), "/bedrooms"),
    "a truth value": (spoiled(bedrooms="true"), "/bedrooms"),
    "a number as text": (spoiled(bedrooms='"3"'), "/bedrooms"),
    "null": (spoiled(bedrooms="null"), "/bedrooms"),
    "a large integer": (spoiled(bedrooms="9" * 40), "/bedrooms"),
    "a negative number": (spoiled(bedrooms="-1"), "/bedrooms"),
    "money as a number": (spoiled(price="425000"), "/price"),
    "money as text": (spoiled(price='"425000.00"'), "/price"),
    "money with more": (
        spoiled(price='{"amount": "1", "currency": "USD", "tax": "0"}'),
        "/price/tax",
    ),
    "another currency": (spoiled(price='{"amount": "1", "currency": "EUR"}'), "/price/currency"),
    "an array as text": (spoiled(title='["a"]'), "/title"),
    "an escaped NUL": (spoiled(title='"a\\u0000b"'), "/title"),
    "an escaped escape": (spoiled(title='"a\\u001bb"'), "/title"),
    "a line break in a line": (spoiled(title='"a\\nb"'), "/title"),
    "a blank title": (spoiled(title='"  "'), "/title"),
    "a title too long": (spoiled(title=json.dumps("x" * 121)), "/title"),
    "a title too long once composed": (spoiled(title=json.dumps("\ufb2c" * 41)), "/title"),
    "an address too long once composed": (
        spoiled(street_address=json.dumps("\ufb2c" * 70)),
        "/street_address",
    ),
    "a description too long": (spoiled(description=json.dumps("x" * 4_001)), "/description"),
    "a state that is none": (spoiled(state_code='"XX"'), "/state_code"),
    "a city that is none": (spoiled(city='"Area 51"'), "/city"),
    "a reserve above the price": (
        spoiled(reserve_price='{"amount": "425000.01", "currency": "USD"}'),
        "/reserve_price/amount",
    ),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_strict_json_object_is_malformed(cast: Cast, body: bytes) -> None:
    response = cast.manager.post("listings", body, content_type="application/json")

    assert_problem(response, 400, "malformed_body")
    assert not Listing.objects.exists()


@pytest.mark.parametrize(("body", "pointer"), INVALID.values(), ids=INVALID)
def test_what_is_not_what_was_asked_for_is_pointed_at(
    cast: Cast, body: bytes, pointer: str
) -> None:
    response = cast.manager.post("listings", body)

    assert_problem(response, 400, "validation_failed", pointer)
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("city", "ﬃ" * 100),
        ("city", "e\u0301" * 100),
        ("title", "𝔘nicode ñ 東京 👩‍👧"),
        ("title", "x" * 120),
        ("description", "line\r\nline\n\tline"),
        ("description", "é" * 4_000),
        ("street_address", "é" * 200),
        ("bedrooms", 0),
        ("bedrooms", 50),
        ("state_code", "co"),
        ("price", {"amount": "999999999.99", "currency": "USD"}),
        ("price", {"amount": "0", "currency": "USD"}),
        ("reserve_price", None),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_what_is_at_the_edge_is_taken(cast: Cast, field: str, value: object) -> None:
    response = cast.manager.post("listings", world.NEW_LISTING | {field: value})

    assert response.status_code == 201, response.content
    assert cast.manager.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
    ],
)
def test_another_type_of_body_is_refused(cast: Cast, content_type: str) -> None:
    response = cast.manager.post("listings", WHOLE.encode(), content_type=content_type)

    assert_problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", ["application/json; charset=UTF-8", "APPLICATION/JSON"])
def test_json_is_json_however_it_is_spelled(cast: Cast, content_type: str) -> None:
    response = cast.manager.post("listings", WHOLE.encode(), content_type=content_type)

    assert response.status_code == 201


def test_two_megabytes_are_refused_before_anything_is_read(cast: Cast) -> None:
    cast.manager.get("me")
    with CaptureQueriesContext(connection) as asked:
        response = cast.manager.post("listings", b'{"title": "' + b"x" * 2_000_000 + b'"}')

    assert_problem(response, 413, "payload_too_large")
    assert len(asked) == 1  # the credential


def test_a_megabyte_is_read_and_refused_for_what_it_is(cast: Cast) -> None:
    body = b'{"title": "' + b"x" * (1024 * 1024 - 13) + b'"}'
    assert len(body) == 1024 * 1024

    assert_problem(cast.manager.post("listings", body), 400, "validation_failed")


@pytest.mark.parametrize("act", ["publish", "withdraw"])
def test_an_action_takes_an_empty_body_or_an_empty_object_and_nothing_else(
    cast: Cast, act: str
) -> None:
    status = "draft" if act == "publish" else "published"
    for body in (b"", b"{}", b" { } "):
        path = f"listings/{world.listing(cast.agency, status).pk}/{act}"
        assert cast.manager.post(path, body).status_code == 200
    path = f"listings/{world.listing(cast.agency, status).pk}/{act}"
    for body in (b"[]", b"null", b"{", b" "):
        assert_problem(cast.manager.post(path, body), 400, "malformed_body")
    assert_problem(cast.manager.post(path, {"force": True}), 400, "validation_failed", "/force")


BAD_BIDS = [
    ("/listing", {"listing": "not-a-uuid"}),
    ("/listing", {"listing": None}),
    ("/listing", {"listing": "{01a20136-f408-73b5-b20c-654a822d93df}"}),
    ("/listing", {"listing": "01a20136f40873b5b20c654a822d93df0000"}),
    ("/amount", {"amount": {"amount": "0", "currency": "USD"}}),
    ("/amount", {"amount": {"amount": "0.00", "currency": "USD"}}),
    ("/amount/amount", {"amount": {"amount": "-5", "currency": "USD"}}),
    ("/message", {"message": "x" * 2_001}),
    ("/message", {"message": "\ufb2c" * 700}),
    ("/message", {"message": "a\x00b"}),
    ("/message", {"message": None}),
]


@pytest.mark.parametrize(("pointer", "change"), BAD_BIDS, ids=lambda value: ascii(value)[:40])
def test_a_bid_that_cannot_be_is_pointed_at(cast: Cast, pointer: str, change: dict) -> None:
    body = bid_on(world.listing(cast.agency)) | change

    response = cast.buyer.post("offers", body, **ONCE)
    assert_problem(response, 400, "validation_failed", pointer)
    assert not Offer.objects.exists()
