"""Interactive login: limited per account and per address, recorded either way."""

import pytest
from django.core.cache import cache
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from tests import world
from tests.api import assert_problem

pytestmark = pytest.mark.django_db

EMAIL, PASSWORD = "root@example.com", "a long pass phrase"
PROXY = "10.0.0.1"


@pytest.fixture(autouse=True)
def root() -> User:
    return User.objects.create_superuser(EMAIL, PASSWORD)


def login(
    email: str = EMAIL,
    password: str = "wrong",
    address: str = "198.51.100.7",
    client: Client | None = None,
) -> object:
    return (client or Client()).post(
        "/admin/login/",
        {"username": email, "password": password, "next": "/admin/"},
        REMOTE_ADDR=PROXY,
        headers={"X-Forwarded-For": address},
    )


def outcomes() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("at").values_list("verb", "actor"))


def test_the_right_password_opens_the_admin(root: User) -> None:
    client = Client()
    response = login(password=PASSWORD, client=client)

    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200
    assert outcomes() == [("login.succeeded", f"user:{root.pk}")]


def test_a_wrong_password_does_not_and_is_recorded() -> None:
    response = login()

    assert response.status_code == 200
    assert outcomes() == [("login.failed", "anonymous")]


def test_the_record_holds_neither_address_book_nor_password() -> None:
    login(password="a-wrong-pass-phrase")
    entry = AuditEntry.objects.get()

    assert entry.address == "198.51.100.7"
    assert EMAIL not in str(entry.__dict__) and "pass-phrase" not in str(entry.__dict__)


def test_after_five_attempts_an_account_is_closed_for_everyone_for_a_while() -> None:
    for attempt in range(5):
        assert login(address=f"198.51.100.{attempt}").status_code == 200
    response = login(password=PASSWORD, address="203.0.113.9")

    assert_problem(response, 429, "rate_limited")
    assert 1 <= int(response["Retry-After"]) <= 15 * 60
    assert len(outcomes()) == 5
    assert login("other@example.com").status_code == 200


def test_after_thirty_attempts_an_address_is_closed_for_every_account() -> None:
    for attempt in range(30):
        assert login(f"nobody{attempt}@example.com").status_code == 200

    assert_problem(login(password=PASSWORD), 429, "rate_limited")
    assert login(password=PASSWORD, address="198.51.100.8").status_code == 302


def test_an_address_is_not_renewed_by_claiming_to_be_another() -> None:
    for attempt in range(30):
        login(f"nobody{attempt}@example.com")
    response = login(password=PASSWORD, address="203.0.113.1, 198.51.100.7")

    assert_problem(response, 429, "rate_limited")


SPELLINGS = ["ROOT@example.com", " root@example.com ", "Root@EXAMPLE.com"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_an_account_is_one_account(spelling: str) -> None:
    assert login(spelling, PASSWORD).status_code == 302
    for attempt in range(4):
        login(address=f"203.0.113.{attempt}")

    assert login(spelling, PASSWORD).status_code == 429


@pytest.mark.parametrize(
    "spelling", ["ｒoot@example.com", "rooT@example.com", "root@ｅxample.com", "root＠example.com"]
)
def test_a_wide_letter_buys_no_more_attempts(spelling: str) -> None:
    assert login(spelling, PASSWORD).status_code == 302
    for attempt in range(4):
        login(address=f"203.0.113.{attempt}")

    assert login(spelling, PASSWORD).status_code == 429


def test_a_wrong_password_of_somebody_signed_in_is_no_success(root: User) -> None:
    client = Client()
    client.force_login(root)
    login(client=client)

    assert [verb for verb, _ in outcomes()] == ["login.failed"]


def test_looking_at_the_form_costs_no_attempt() -> None:
    for _ in range(6):
        assert Client().get("/admin/login/").status_code == 200

    assert login(password=PASSWORD).status_code == 302


def test_no_address_book_entry_stands_in_a_cache_key() -> None:
    login()
    store = cache._cache
    names = store.get_client().keys("*") if hasattr(store, "get_client") else list(store)

    assert len(names) >= 2
    assert not any("root" in str(name) for name in names)


@pytest.mark.parametrize("role", ["buyer", "agent", "manager", "auditor"])
def test_the_admin_is_for_staff_alone(role: str) -> None:
    user = world.person(role)
    user.set_password(PASSWORD)
    user.save()

    assert login(user.email, PASSWORD).status_code == 200
    client = Client()
    client.force_login(user)
    assert client.get("/admin/").status_code == 302


def test_who_is_switched_off_does_not_get_in(root: User) -> None:
    client = Client()
    login(password=PASSWORD, client=client)
    User.objects.update(is_active=False)

    assert client.get("/admin/").status_code == 302
    assert login(password=PASSWORD).status_code == 200


def test_the_session_cookie_is_out_of_reach_and_new_at_login() -> None:
    client = Client()
    client.get("/admin/login/")
    client.cookies["session"] = "f" * 32
    cookie = login(password=PASSWORD, client=client).cookies["session"]

    assert cookie.value != "f" * 32
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_a_login_without_its_form_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)

    assert login(password=PASSWORD, client=client).status_code == 403
    assert outcomes() == []
