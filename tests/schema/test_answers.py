"""Real answers are what the document says: good ones, refusals, and nothing that it leaves out."""

import pytest

from tests import world
from tests.api import Api

from .asks import ASKS, FIRST, Ask
from .reading import OPERATIONS, assert_documented, codes
from .refusing import TWISTS

pytestmark = pytest.mark.django_db

#: Nobody can ask for it: it is what happens when we are wrong.
UNASKED = "internal_error"
DOCUMENTED = [(name, code) for name in OPERATIONS for code in sorted(codes(name) - {UNASKED})]


def test_every_operation_has_a_request_that_succeeds() -> None:
    assert ASKS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_good_answer_is_the_documented_one(name: str) -> None:
    response = ASKS[name]().send()
    assert response.status_code < 300, response.content
    assert_documented(response, name)


@pytest.mark.parametrize(("name", "code"), DOCUMENTED)
def test_every_documented_refusal_happens(name: str, code: str) -> None:
    response = TWISTS[code](ASKS[name]()).send()
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    assert response.json()["code"] == code
    assert_documented(response, name)


#: What needs another request before it; everything else can be done to any request.
SPECIAL = {"request_in_progress", "idempotency_key_reused"}
LEFT_OUT = [
    (name, code) for name in OPERATIONS for code in sorted(TWISTS.keys() - codes(name) - SPECIAL)
]


@pytest.mark.parametrize(("name", "code"), LEFT_OUT)
def test_what_is_not_documented_does_not_happen(name: str, code: str) -> None:
    assert_documented(TWISTS[code](ASKS[name]()).send(), name)


def test_a_first_profile_is_created() -> None:
    response = Ask("PUT", "buyer-profile", world.person(), world.NEW_PROFILE).send()
    assert response.status_code == 201
    assert_documented(response, "buyer_profile_replace")


@pytest.mark.parametrize(("name", "tag"), [("listings_get", '"1a"'), ("buyer_profile_get", FIRST)])
def test_what_the_caller_has_already_is_not_sent_again(name: str, tag: str) -> None:
    ask = ASKS[name]()
    response = ask.but(headers={"if_none_match": tag}).send()
    assert response.status_code == 304
    assert_documented(response, name)


def test_a_replayed_answer_is_documented() -> None:
    ask = ASKS["offers_create"]()
    api = Api(world.key(ask.by))
    api.post("offers", ask.body, **ask.headers)
    response = api.post("offers", ask.body, **ask.headers)
    assert response["Idempotent-Replayed"] == "true"
    assert_documented(response, "offers_create")


@pytest.mark.parametrize("name", ["listings_list", "listings_get", "openapi_get"])
def test_what_is_open_needs_no_credential(name: str) -> None:
    world.listing(world.agency())
    ask = ASKS[name]()
    if name == "listings_get":
        ask = ask.but(path=f"listings/{world.listing(world.agency()).pk}")
    response = ask.but(by=None).send()
    assert response.status_code == 200
    assert_documented(response, name)
