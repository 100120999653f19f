"""Of two faults in one request the one that the contract names first is told."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from apps.listings.models import Status
from tests import world
from tests.api import Api, assert_problem

from .answers import ONCE, bid_on, exhausted
from .cast import Cast


class Attempt:
    """A request that would succeed; faults spoil it."""

    def __init__(self, cast: Cast, patch: pytest.MonkeyPatch) -> None:
        self.cast, self.patch = cast, patch
        self.person = cast.manager
        self.key: str | None = cast.manager.key
        self.headers: dict[str, str] = {}
        self.query: dict[str, str] = {}
        self.body: Any = {}

    def send(self, method: str, path: str) -> Any:
        return Api(self.key).send(method, path, self.body, self.query, **self.headers)


class Change(Attempt):
    """PATCH of an own listing."""

    def __init__(self, cast: Cast, patch: pytest.MonkeyPatch) -> None:
        super().__init__(cast, patch)
        self.method = "PATCH"
        self.listing = world.listing(cast.agency)
        self.headers = {"if_match": '"1a"'}
        self.body = {"bedrooms": 4}

    def answer(self) -> Any:
        return self.send(self.method, f"listings/{self.listing.pk}")


class Bid(Attempt):
    """POST of an offer."""

    def __init__(self, cast: Cast, patch: pytest.MonkeyPatch) -> None:
        super().__init__(cast, patch)
        self.person, self.key = cast.buyer, cast.buyer.key
        self.method = "POST"
        self.headers = dict(ONCE)
        self.body = bid_on(world.listing(cast.agency))

    def answer(self) -> Any:
        return self.send(self.method, "offers")


def two_credentials(attempt: Attempt) -> None:
    attempt.headers["x_api_key"] = attempt.person.key


def exposed(attempt: Attempt) -> None:
    attempt.query = {"api_key": "x"}


def unknown_credential(attempt: Attempt) -> None:
    attempt.key = "made-up-token"


def missing_credential(attempt: Attempt) -> None:
    attempt.key = None


def limit(attempt: Attempt) -> None:
    exhausted(attempt.patch)


def method(attempt: Attempt) -> None:
    attempt.method = "PUT"


def browser(attempt: Attempt) -> None:
    attempt.headers["origin"] = "https://app.example.com"


def scope(attempt: Attempt) -> None:
    attempt.key = world.key(attempt.person.user, "read:audit")


def role(attempt: Attempt) -> None:
    auditor = world.person("auditor")
    attempt.key = world.key(auditor)


def too_large(attempt: Attempt) -> None:
    attempt.body = b" " * 2_000_000


def media_type(attempt: Attempt) -> None:
    attempt.headers["content_type"] = "text/plain"


def invisible(attempt: Change) -> None:
    attempt.listing = world.listing(world.agency(), Status.DRAFT)


def foreign(attempt: Change) -> None:
    attempt.listing = world.listing(world.agency())


def no_idempotency_key(attempt: Bid) -> None:
    attempt.headers.pop("idempotency_key", None)


def no_tag(attempt: Change) -> None:
    attempt.headers.pop("if_match", None)


def old_tag(attempt: Change) -> None:
    attempt.headers["if_match"] = '"9a"'


def bad_query(attempt: Attempt) -> None:
    attempt.query = attempt.query or {"unknown": "1"}


def bad_json(attempt: Attempt) -> None:
    attempt.body = attempt.body if isinstance(attempt.body, bytes) else b"{"


def bad_field(attempt: Attempt) -> None:
    if isinstance(attempt.body, dict):
        attempt.body = attempt.body | {"unknown": 1}


def sold(attempt: Change) -> None:
    type(attempt.listing).objects.filter(pk=attempt.listing.pk).update(status=Status.SOLD)


Fault = Callable[[Any], None]
Told = tuple[Fault, int, str]
_CREDENTIAL: list[tuple[Told, ...]] = [
    # The limit stands before the credential's refusals, not behind them: who proves nothing is
    # charged to the address, and were the refusal told first, guessing would never meet a limit.
    ((limit, 429, "rate_limited"),),
    ((two_credentials, 400, "malformed_credential"), (exposed, 400, "credential_exposed")),
    (
        (unknown_credential, 401, "credentials_invalid"),
        (missing_credential, 401, "credentials_missing"),
    ),
    ((method, 405, "method_not_allowed"),),
]
_ROLE = ((scope, 403, "insufficient_scope"), (role, 403, "not_permitted"))
_BODY: list[tuple[Told, ...]] = [
    ((too_large, 413, "payload_too_large"),),
    ((media_type, 415, "unsupported_media_type"),),
]
_INPUT = (
    (bad_query, 400, "validation_failed"),
    (bad_json, 400, "malformed_body"),
    (bad_field, 400, "validation_failed"),
)
#: In the order of the contract: fault, status, code. Faults of one rank stand in one tuple.
CHANGE: list[tuple[Told, ...]] = [
    *_CREDENTIAL,
    (*_ROLE, (browser, 403, "browser_key")),
    *_BODY,
    ((invisible, 404, "not_found"),),
    ((foreign, 403, "not_permitted"),),
    ((no_tag, 428, "precondition_required"), (old_tag, 412, "precondition_failed")),
    _INPUT,
    ((sold, 409, "conflict"),),
]
BID: list[tuple[Told, ...]] = [
    *_CREDENTIAL,
    _ROLE,
    *_BODY,
    ((no_idempotency_key, 400, "idempotency_key_required"),),
    _INPUT,
]
#: One of the two would take the other's place; and strangers may read a listing, so that what
#: nobody may do with it asks for no credential.
IMPOSSIBLE = {
    (two_credentials, missing_credential),
    (missing_credential, method),
    (invisible, foreign),
    (invisible, sold),
    (foreign, sold),
}


def pairs(ranks: list) -> list:
    return [
        pytest.param(first, second, id=f"{first[0].__name__} before {second[0].__name__}")
        for earlier, later in combinations(ranks, 2)
        for first in earlier
        for second in later
        if (first[0], second[0]) not in IMPOSSIBLE
    ]


def check(attempt: Attempt, first: tuple, second: tuple) -> None:
    # The later fault goes in first, so that the earlier one is never overwritten by it.
    second[0](attempt)
    first[0](attempt)
    assert_problem(attempt.answer(), first[1], first[2])


@pytest.mark.parametrize("ranks", [CHANGE, BID], ids=["change", "bid"])
def test_each_fault_alone_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch, ranks: list) -> None:
    for fault, status, code in [one for rank in ranks for one in rank]:
        with monkeypatch.context() as patch:
            attempt = (Change if ranks is CHANGE else Bid)(cast, patch)
            fault(attempt)
            assert_problem(attempt.answer(), status, code)


@pytest.mark.parametrize("kind", [Change, Bid])
def test_without_a_fault_the_request_succeeds(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, kind: type
) -> None:
    assert kind(cast, monkeypatch).answer().status_code in (200, 201)


@pytest.mark.parametrize(("first", "second"), pairs(CHANGE))
def test_of_two_faults_of_a_change_the_earlier_is_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, first: tuple, second: tuple
) -> None:
    check(Change(cast, monkeypatch), first, second)


@pytest.mark.parametrize(("first", "second"), pairs(BID))
def test_of_two_faults_of_a_bid_the_earlier_is_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, first: tuple, second: tuple
) -> None:
    check(Bid(cast, monkeypatch), first, second)


@pytest.mark.parametrize(
    "fault", [two_credentials, exposed, unknown_credential, missing_credential]
)
def test_a_path_that_does_not_exist_is_404_for_everyone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    attempt = Attempt(cast, monkeypatch)
    fault(attempt)

    assert_problem(attempt.send("GET", "nowhere"), 404, "not_found")


def test_an_unknown_path_is_limited_all_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = Attempt(cast, monkeypatch)
    limit(attempt)

    assert_problem(attempt.send("GET", "nowhere"), 429, "rate_limited")
