"""Into the admin site: for staff alone, by the one login, and never by a password alone."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from tests.people import code, comes_in, post, sign_in, verified, with_totp

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase"


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root@example.com", PASSWORD)


@pytest.mark.parametrize("path", ["", "login/", "accounts/user/"])
def test_whoever_is_not_signed_in_is_sent_to_the_one_login(path: str) -> None:
    answer = Client().get(f"/admin/{path}", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=%2Fadmin%2F")
    assert answer.status_code == 200


def test_password_and_second_factor_open_it_and_lead_there(root: User) -> None:
    client = Client()
    fields = {"login": root.email, "password": PASSWORD, "next": "/admin/"}
    with_totp(root)
    assert post(client, "login/", **fields).status_code == 302
    assert client.get("/admin/").status_code == 302

    answer = post(client, "second-factors/authenticate/", code=code())
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_password_alone_does_not(root: User) -> None:
    client = sign_in(root, PASSWORD)
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0] == "/accounts/second-factors/"
    assert "needs a second factor" in answer.content.decode()
    assert client.get("/admin/accounts/user/").status_code == 302


def test_no_password_is_taken_at_its_own_door(root: User) -> None:
    client = Client()
    client.post("/admin/login/", {"username": root.email, "password": PASSWORD})

    assert client.get("/accounts/").status_code == 302


def switched_off(client: Client, user: User) -> Any:
    """Send the form that switches somebody off."""
    return client.post(f"/admin/accounts/user/{user.pk}/change/", {"role": "buyer"})


def test_a_session_that_was_left_open_looks_and_changes_nothing(root: User) -> None:
    someone = verified()
    client = comes_in(Client(), with_totp(root), minutes=11)
    page = f"/admin/accounts/user/{someone.pk}/change/"
    assert client.get(page).status_code == 200

    answer = switched_off(client, someone)
    asked = answer["Location"]
    assert asked.startswith("/accounts/second-factors/reauthenticate/?next=%2Fadmin%2F")
    assert User.objects.get(pk=someone.pk).is_active

    again = post(client, asked.removeprefix("/accounts/"), code=code())
    assert again["Location"] == page
    assert switched_off(client, someone).status_code == 302
    assert not User.objects.get(pk=someone.pk).is_active


@pytest.mark.parametrize("role", ["buyer", "agent", "manager", "auditor"])
def test_it_is_for_staff_alone(role: str) -> None:
    client = sign_in(with_totp(verified(role)))

    assert client.get("/admin/", follow=True).status_code == 403


def test_who_is_switched_off_is_out(root: User) -> None:
    client = sign_in(with_totp(root), PASSWORD)
    assert client.get("/admin/").status_code == 200
    User.objects.update(is_active=False)

    assert client.get("/admin/").status_code == 302
