"""A retry does nothing twice, and a process that died leaves no ghost."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from apps.core.problems import Code, Problem
from apps.idempotency.models import FirstAnswer
from apps.idempotency.once import HELD_FOR, KEPT_FOR, once
from apps.offers import lifecycle
from apps.offers.models import Offer
from tests import world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db

KEY = "one-and-the-same-key"


class Buyer:
    """A buyer who repeats one bid."""

    def __init__(self) -> None:
        self.user = world.person()
        self.api = Api(world.key(self.user))
        self.listing = world.listing(world.agency())

    def bid(self, amount: str = "410000.00", key: str | None = KEY, **more: object) -> object:
        body = {
            "listing": str(self.listing.pk),
            "amount": {"amount": amount, "currency": "USD"},
            **more,
        }
        headers = {"idempotency_key": key} if key is not None else {}
        return self.api.post("offers", body, **headers)

    def withdraw(self) -> None:
        """Take the bid back, so that another may be made."""
        lifecycle.withdraw(world.credential(self.user), Offer.objects.get())


@pytest.fixture
def buyer() -> Buyer:
    return Buyer()


def test_without_a_key_nothing_is_done(buyer: Buyer) -> None:
    assert_problem(buyer.bid(key=None), 400, "idempotency_key_required", "#Idempotency-Key")
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    "key", ["", "short", "a" * 65, "has spaces here", "ñandúñandú", "a,b,c,d,e"]
)
def test_a_key_in_another_form_is_refused(buyer: Buyer, key: str) -> None:
    assert_problem(buyer.bid(key=key), 400, "validation_failed", "#Idempotency-Key")
    assert not Offer.objects.exists()


def test_a_retry_gets_the_first_answer_to_the_byte(buyer: Buyer) -> None:
    first, second = buyer.bid(), buyer.bid()

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second["Location"] == first["Location"]
    assert second["Content-Type"] == first["Content-Type"] == "application/json"
    assert second["Cache-Control"] == "no-store"
    assert "Idempotent-Replayed" not in first.headers
    assert second["Idempotent-Replayed"] == "true"
    assert Offer.objects.count() == 1


def test_a_retry_gets_the_first_answer_even_when_the_world_has_moved_on(buyer: Buyer) -> None:
    first = buyer.bid()
    lifecycle.withdraw(world.credential(buyer.user), Offer.objects.get())
    type(buyer.listing).objects.update(status="withdrawn")

    assert buyer.bid().content == first.content
    assert Offer.objects.count() == 1


def test_another_key_is_another_bid(buyer: Buyer) -> None:
    buyer.bid()
    buyer.withdraw()
    assert buyer.bid(key=f"{KEY}-2").status_code == 201
    assert Offer.objects.count() == 2


def test_the_same_key_with_another_body_is_refused(buyer: Buyer) -> None:
    first = buyer.bid()
    assert_problem(buyer.bid("420000.00"), 422, "idempotency_key_reused")

    assert buyer.bid().content == first.content
    assert Offer.objects.count() == 1


def test_a_key_belongs_to_one_credential(buyer: Buyer) -> None:
    first = buyer.bid()
    stranger = Buyer()
    stranger.listing = buyer.listing
    other = stranger.bid()

    assert other.status_code == 201
    assert other.content != first.content
    assert "Idempotent-Replayed" not in other.headers


def test_another_key_of_the_same_user_is_another_credential(buyer: Buyer) -> None:
    buyer.bid()
    buyer.api = Api(world.key(buyer.user))

    assert "Idempotent-Replayed" not in buyer.bid().headers


def test_a_key_belongs_to_one_route(buyer: Buyer) -> None:
    first = buyer.bid()
    buyer.withdraw()
    body = {"listing": str(buyer.listing.pk), "amount": 410_000}
    other = buyer.api.post("/api/v1/offers", body, idempotency_key=KEY)

    assert other.status_code == 201
    assert "Idempotent-Replayed" not in other.headers
    assert other["Location"] != first["Location"]
    assert Offer.objects.count() == 2


def test_a_refusal_is_not_kept(buyer: Buyer) -> None:
    type(buyer.listing).objects.update(status="withdrawn")
    assert_problem(buyer.bid(), 400, "validation_failed", "/listing")
    assert not FirstAnswer.objects.exists()

    type(buyer.listing).objects.update(status="published")
    assert buyer.bid().status_code == 201


def test_a_failure_of_ours_is_not_kept_and_leaves_nothing(
    buyer: Buyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("apps.api_v2.offers.shown", broken)
        assert_problem(buyer.bid(), 500, "internal_error")
    assert not Offer.objects.exists()
    assert not FirstAnswer.objects.exists()
    assert buyer.bid().status_code == 201


def test_an_answer_that_cannot_be_kept_undoes_the_act(
    buyer: Buyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: FirstAnswer, *_: object, **kwargs: object) -> None:
        if "update_fields" in kwargs:
            raise RuntimeError
        real(self, *_, **kwargs)

    real = FirstAnswer.save
    with monkeypatch.context() as patch:
        patch.setattr(FirstAnswer, "save", broken)
        assert_problem(buyer.bid(), 500, "internal_error")
    assert not Offer.objects.exists()
    assert buyer.bid().status_code == 201


def held(buyer: Buyer, **fields: object) -> FirstAnswer:
    """The mark of a first request that has not ended."""
    buyer.bid()
    Offer.objects.all().delete()
    now = datetime.now(UTC)
    changes = {"status": None, "body": None, "held_until": now + HELD_FOR, **fields}
    answer = FirstAnswer.objects.get()
    for name, value in changes.items():
        setattr(answer, name, value)
    answer.save()
    return answer


def test_while_the_first_request_runs_the_second_is_told_to_wait(buyer: Buyer) -> None:
    held(buyer)
    response = buyer.bid()

    assert_problem(response, 409, "request_in_progress")
    assert int(response["Retry-After"]) >= 1
    assert not Offer.objects.exists()


def test_another_body_is_refused_even_while_the_first_runs(buyer: Buyer) -> None:
    held(buyer)

    assert_problem(buyer.bid("420000.00"), 422, "idempotency_key_reused")


def test_the_key_of_a_process_that_was_killed_is_free_after_its_hold(buyer: Buyer) -> None:
    ghost = held(buyer, held_until=datetime.now(UTC) - timedelta(seconds=1))
    response = buyer.bid()

    assert response.status_code == 201
    assert "Idempotent-Replayed" not in response.headers
    assert FirstAnswer.objects.get().pk != ghost.pk
    assert Offer.objects.count() == 1


def test_a_kept_answer_is_forgotten_after_a_day(buyer: Buyer) -> None:
    buyer.bid()
    kept = FirstAnswer.objects.get()
    assert timedelta(0) <= kept.expires_at - datetime.now(UTC) <= KEPT_FOR == timedelta(hours=24)
    FirstAnswer.objects.update(expires_at=datetime.now(UTC))
    buyer.withdraw()

    assert "Idempotent-Replayed" not in buyer.bid().headers
    assert Offer.objects.count() == 2


def test_what_is_kept_is_ciphertext(buyer: Buyer) -> None:
    words = "Please do not tell my landlord"
    buyer.bid(message=words)

    stored = FirstAnswer.objects.values_list("body", flat=True).get()
    assert words.encode() not in bytes(stored.envelope)
    assert words in FirstAnswer.objects.get().body


def test_a_key_with_an_invalid_body_is_not_used_up(buyer: Buyer) -> None:
    assert_problem(buyer.bid(listing=str(uuid4())), 400, "validation_failed", "/listing")
    assert_problem(buyer.bid(amount="-1"), 400, "validation_failed", "/amount/amount")

    assert buyer.bid().status_code == 201


def test_a_key_that_comes_with_another_query_is_another_request(buyer: Buyer) -> None:
    buyer.bid()
    body = {"listing": str(buyer.listing.pk), "amount": {"amount": "410000.00", "currency": "USD"}}
    other = buyer.api.send("POST", "offers", body, query={"x": "1"}, idempotency_key=KEY)

    assert_problem(other, 400, "validation_failed", "?x")


def test_one_key_on_two_objects_of_one_route_is_two_requests() -> None:
    def act(path: str) -> object:
        request = RequestFactory().post(path, b"{}", content_type="application/json")
        request.resolver_match = resolve(path)
        return once("api_key:1", request, KEY, lambda: HttpResponse(path.encode()))

    first, second = (f"/api/v2/offers/{uuid4()}/accept" for _ in range(2))
    assert act(first).content == first.encode()
    with pytest.raises(Problem) as refused:
        act(second)
    assert refused.value.code is Code.IDEMPOTENCY_KEY_REUSED
    assert act(first)["Idempotent-Replayed"] == "true"
