"""Opening an account: the address is proved first, and nobody learns which addresses are known."""

import re

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from tests.people import PASSWORD, is_signed_in, link, post, sign_in, verified

pytestmark = pytest.mark.django_db

EMAIL = "newcomer@example.com"


def sign_up(email: str = EMAIL, password: str = PASSWORD, client: Client | None = None) -> object:
    return post(client or Client(), "signup/", email=email, password1=password)


def test_a_newcomer_signs_up_proves_the_address_and_signs_in() -> None:
    client = Client()
    assert sign_up(client=client)["Location"] == "/accounts/confirm-email/"
    assert not is_signed_in(sign_in(User.objects.get()))

    page = client.get(link())
    assert EMAIL in page.content.decode()
    assert client.post(link())["Location"] == "/accounts/login/"

    assert is_signed_in(sign_in(User.objects.get(), client=client))
    assert list(AuditEntry.objects.order_by("at", "id").values_list("verb", flat=True)) == [
        "account.registered",
        "email.verified",
        "login.succeeded",
    ]


def test_looking_at_the_link_proves_nothing() -> None:
    sign_up()
    Client().get(link())  # as mail scanners do

    assert not is_signed_in(sign_in(User.objects.get()))


def test_a_link_is_good_once() -> None:
    sign_up()
    assert Client().post(link()).status_code == 302
    assert Client().post(link()).status_code == 404
    assert "This link has ended" in Client().get(link()).content.decode()


def test_a_forged_link_is_none() -> None:
    sign_up()
    forged = re.sub(r".:", "x:", link(), count=1)
    assert "This link has ended" in Client().get(forged).content.decode()


def test_a_new_account_is_a_buyer_of_no_agency() -> None:
    sign_up()
    user = User.objects.get()
    assert not user.is_staff and not user.is_superuser
    assert not hasattr(user, "membership")


def answers(email: str) -> tuple[int, str, str]:
    answer = sign_up(email)
    return answer.status_code, answer["Location"], answer.content.decode()


def test_a_known_address_gets_the_same_answer_and_another_letter() -> None:
    known = verified(email="known@example.com")

    assert answers(known.email) == answers(EMAIL)
    assert [letter.to for letter in mail.outbox] == [[known.email], [EMAIL]]
    assert "already exists" in mail.outbox[0].body
    assert "/password/reset/" in mail.outbox[0].body
    assert User.objects.get(pk=known.pk).check_password(PASSWORD)


@pytest.mark.parametrize("spelling", ["KNOWN@example.com", " known@EXAMPLE.com "])
def test_another_spelling_of_a_known_address_is_known(spelling: str) -> None:
    verified(email="known@example.com")
    sign_up(spelling, "another good long one")

    assert User.objects.count() == 1


def hashes(monkeypatch: pytest.MonkeyPatch, email: str) -> int:
    made = []
    from django.contrib.auth import hashers

    encode = hashers.BCryptSHA256PasswordHasher.encode
    monkeypatch.setattr(
        hashers.BCryptSHA256PasswordHasher,
        "encode",
        lambda *args, **kwargs: made.append(1) or encode(*args, **kwargs),
    )
    sign_up(email)
    monkeypatch.undo()
    return len(made)


def test_known_and_unknown_hash_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    verified(email="known@example.com")

    assert hashes(monkeypatch, "known@example.com") == hashes(monkeypatch, EMAIL) == 1


def test_links_lead_to_where_the_service_is_whatever_host_was_asked_for() -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    sign_up(client=client)

    assert "http://localhost:8000/" in mail.outbox[0].body
    assert "127.0.0.1" not in mail.outbox[0].body


def test_the_sixth_try_for_an_address_waits() -> None:
    for _ in range(5):
        assert sign_up().status_code == 302
    answer = sign_up()

    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 900
    assert "Please wait" in answer.content.decode()


@pytest.mark.parametrize("path", ["signup/", "password/reset/"])
def test_a_field_that_the_form_does_not_read_is_no_other_account(path: str) -> None:
    for number in range(9):
        fields = {"email": EMAIL, "password1": PASSWORD, "login": f"{number}@example.com"}
        answer = post(Client(), path, f"203.0.113.{number}", **fields)

    assert answer.status_code == 429
    assert len(mail.outbox) == 5


def test_a_form_with_faults_says_each_beside_its_field() -> None:
    page = sign_up("nobody", "short").content.decode()

    assert "Enter a valid email address" in page
    assert "at least 12 characters" in page
    assert "short" not in re.findall(r'value="([^"]*)"', page)
    assert not User.objects.exists()
