"""Opening accounts by API under the page's rules, and the own activity."""

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.models import User
from tests import world
from tests.api import Api, assert_problem
from tests.people import PASSWORD, is_signed_in, letter, link, post, sign_in, verified

pytestmark = pytest.mark.django_db

ACCOUNT = {"email": "newcomer@example.com", "password": PASSWORD}


def test_an_account_is_opened_and_works_after_the_link() -> None:
    response = Api().post("accounts", ACCOUNT)
    assert (response.status_code, response.content) == (202, b"")
    user = User.objects.get()
    assert not is_signed_in(sign_in(user))

    Client().post(link())
    assert is_signed_in(sign_in(user))


@pytest.mark.parametrize("typed", ["Newcomer@Example.com", "newcomer@example.com"])
def test_an_address_in_capitals_opens_an_account_that_can_be_used(typed: str) -> None:
    Api().post("accounts", ACCOUNT | {"email": typed.upper()})
    assert Client().post(link()).status_code == 302
    client = Client()
    post(client, "login/", login=typed, password=PASSWORD)

    assert is_signed_in(client)
    post(Client(), "password/reset/", email=typed)
    assert "/password/reset/key/" in letter()


def test_a_known_address_gets_the_same_answer() -> None:
    verified(email="known@example.com")
    known = Api().post("accounts", ACCOUNT | {"email": "Known@example.com"})
    fresh = Api().post("accounts", ACCOUNT)
    without = {"X-Request-ID", "RateLimit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}

    assert known.status_code == fresh.status_code == 202
    assert known.content == fresh.content
    assert {k: v for k, v in known.headers.items() if k not in without} == {
        k: v for k, v in fresh.headers.items() if k not in without
    }
    assert "already exists" in mail.outbox[0].body
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"password": "Password1!"}, "/password", "too_short"),
        ({"password": "b" * 129}, "/password", "too_long"),
        ({"password": "gatehouse-2026"}, "/password", "too_common"),
        ({"password": "newcomer@example.com"}, "/password", "too_similar"),
        ({"email": "nobody"}, "/email", "wrong_format"),
        ({"email": "a@b\n.example.com"}, "/email", "wrong_format"),
        ({"role": "platform_admin"}, "/role", "unknown_field"),
        ({"is_staff": True}, "/is_staff", "unknown_field"),
        ({"email": None}, "/email", "wrong_type"),
    ],
)
def test_bad_input_is_named_and_makes_nothing(change: dict, pointer: str, code: str) -> None:
    document = assert_problem(Api().post("accounts", ACCOUNT | change), 400, "validation_failed")

    assert (pointer, code) in [(e["pointer"], e["code"]) for e in document["errors"]]
    assert "Password1" not in str(document)
    assert not User.objects.exists() and not mail.outbox


def test_the_sixth_try_for_an_address_waits() -> None:
    for _ in range(5):
        assert Api().post("accounts", ACCOUNT).status_code == 202
    response = Api().post("accounts", ACCOUNT)

    assert_problem(response, 429, "rate_limited")
    assert 1 <= int(response["Retry-After"]) <= 900


def test_the_page_and_the_api_count_together() -> None:
    for _ in range(3):
        post(Client(), "signup/", email=ACCOUNT["email"], password1=PASSWORD)
        Api().post("accounts", ACCOUNT)
    assert len(mail.outbox) == 5


def test_activity_is_ones_own_and_what_happened_to_ones_account() -> None:
    ana, other = verified(email="ana@example.com"), verified(email="other@example.com")
    sign_in(other)
    post(Client(), "login/", login=ana.email, password="a guess")
    sign_in(ana)
    rows = Api(world.key(ana)).get("me/activity").json()["results"]

    assert [(row["verb"], row["outcome"], row["by"]) for row in rows] == [
        ("login.succeeded", "done", "me"),
        ("login.failed", "refused", "another"),
    ]
    assert set(rows[0]) == {
        "id",
        "at",
        "verb",
        "outcome",
        "reason",
        "by",
        "credential",
        "address",
        "request_id",
    }
    assert rows[1]["address"] == "198.51.100.7"


def test_what_an_admin_used_and_where_from_is_not_told() -> None:
    ana = verified()
    from apps.access.credential import COMMAND_LINE
    from apps.accounts.administration import change

    change(COMMAND_LINE, ana, active=True, role="auditor")
    row = Api(world.key(ana)).get("me/activity").json()["results"][0]

    assert (row["verb"], row["by"]) == ("user.changed", "another")
    assert row["credential"] == row["address"] == row["request_id"] == ""


def test_activity_comes_in_pages() -> None:
    ana = verified()
    for _ in range(3):
        sign_in(ana)
    api = Api(world.key(ana))
    first = api.get("me/activity", {"limit": 2}).json()
    second = api.get(first["next"]).json()

    assert len(first["results"]) == 2 and len(second["results"]) == 1
    assert second["next"] is None
