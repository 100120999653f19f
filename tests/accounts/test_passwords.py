"""Changing and resetting a password: who is told, what ends, and what a link is good for."""

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.ratelimits.guards import Flow, failed
from tests.people import PASSWORD, is_signed_in, letter, link, post, sign_in, verified, with_totp

pytestmark = pytest.mark.django_db

NEW = "seven otters under a bridge"


@pytest.fixture
def ana() -> User:
    return verified(email="ana@example.com")


def reset_with(path: str, password: str = NEW, client: Client | None = None) -> object:
    """Follow the link and set the password."""
    client = client or Client()
    answer = client.get(path)
    if answer.status_code != 302:
        return answer
    return client.post(answer["Location"], {"password1": password, "password2": password})


def test_a_change_ends_every_other_session_and_is_told(ana: User) -> None:
    here, elsewhere = sign_in(ana), sign_in(ana)
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert post(here, "password/change/", **fields)["Location"] == "/accounts/"

    assert is_signed_in(here) and not is_signed_in(elsewhere)
    assert UserSession.objects.count() == 1
    assert not is_signed_in(sign_in(ana)) and is_signed_in(sign_in(ana, NEW))
    assert "password has been changed" in letter() and mail.outbox[-1].to == [ana.email]
    assert AuditEntry.objects.filter(verb="password.changed", actor=f"user:{ana.pk}").count() == 1


def test_a_change_needs_the_current_password(ana: User) -> None:
    client = sign_in(ana)
    fields = {"oldpassword": "a guess", "password1": NEW, "password2": NEW}
    for _ in range(5):
        assert post(client, "password/change/", **fields).status_code == 200
    assert post(client, "password/change/", **fields).status_code == 429
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    ("path", "field"), [("password/change/", "oldpassword"), ("reauthenticate/", "password")]
)
def test_a_stolen_session_that_guesses_the_password_waits_longer_and_longer(
    ana: User, path: str, field: str
) -> None:
    client = sign_in(ana)
    for number in range(6):
        failed(Flow.CONFIRMATION, f"192.0.2.{number}", ana.email)
    fields = {"password1": NEW, "password2": NEW}
    for number in range(4):
        guess = fields | {field: f"guess number {number}"}
        assert post(client, path, f"203.0.113.{number}", **guess).status_code == 200
    answer = post(client, path, "203.0.113.9", **(fields | {field: PASSWORD}))

    assert answer.status_code == 429
    assert AuditEntry.objects.filter(verb="login.failed", object_id=str(ana.pk)).count() == 4


def test_a_change_keeps_the_policy(ana: User) -> None:
    client = sign_in(ana)
    fields = {"oldpassword": PASSWORD, "password1": "Password1!", "password2": "Password1!"}
    assert post(client, "password/change/", **fields).status_code == 200
    assert User.objects.get().check_password(PASSWORD)


def test_a_forgotten_password_is_reset_by_a_link_and_every_session_ends(ana: User) -> None:
    elsewhere = sign_in(ana)
    assert post(Client(), "password/reset/", email=ana.email).status_code == 302
    assert reset_with(link()).status_code == 302

    assert not is_signed_in(elsewhere)
    assert not UserSession.objects.exists()
    assert is_signed_in(sign_in(ana, NEW)) and not is_signed_in(sign_in(ana))
    assert AuditEntry.objects.filter(verb="password.reset").count() == 1


def test_a_reset_link_is_good_once(ana: User) -> None:
    post(Client(), "password/reset/", email=ana.email)
    path = link()
    reset_with(path)

    assert "This link has ended" in reset_with(path, "a third one of mine").content.decode()
    assert User.objects.get().check_password(NEW)


def test_a_reset_link_ends_when_its_owner_signs_in_after_all(ana: User) -> None:
    post(Client(), "password/reset/", email=ana.email)
    sign_in(ana)

    assert "This link has ended" in reset_with(link()).content.decode()


def test_a_reset_link_ends_after_an_hour(ana: User, monkeypatch, settings) -> None:
    post(Client(), "password/reset/", email=ana.email)
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert "This link has ended" in reset_with(link()).content.decode()


def test_the_link_of_one_is_none_for_another(ana: User) -> None:
    other = verified(email="other@example.com")
    post(Client(), "password/reset/", email=other.email)
    foreign = link()
    post(Client(), "password/reset/", email=ana.email)
    own = link()
    uid = own.split("/")[-2].partition("-")[0]
    key = foreign.split("/")[-2].partition("-")[2]

    answer = reset_with(f"/accounts/password/reset/key/{uid}-{key}/")
    assert "This link has ended" in answer.content.decode()


def test_a_reset_does_not_go_around_the_second_factor(ana: User) -> None:
    with_totp(ana)
    post(Client(), "password/reset/", email=ana.email)
    client = Client()
    reset_with(link(), client=client)

    assert not is_signed_in(client)
    answer = post(client, "login/", login=ana.email, password=NEW)
    assert answer["Location"] == "/accounts/second-factors/authenticate/"
    assert not is_signed_in(client)


def test_a_reset_gives_no_more_guesses_at_the_codes(ana: User) -> None:
    with_totp(ana)
    answers = []
    for reset in range(2):
        post(Client(), "password/reset/", email=ana.email)
        reset_with(link(), f"{NEW} {reset}")
        client = Client()
        post(client, "login/", login=ana.email, password=f"{NEW} {reset}")
        answers += [
            post(client, "second-factors/authenticate/", f"203.0.113.{number}", code="000000")
            for number in range(3)
        ]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "/accounts/password/reset/" not in answers[-1].content.decode()


def test_known_and_unknown_addresses_get_the_same_answer(ana: User) -> None:
    answers = [
        post(Client(), "password/reset/", email=email)
        for email in (ana.email, "nobody@example.com")
    ]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0]["Location"] == answers[1]["Location"]
    assert answers[0].content == answers[1].content
    assert [one.to for one in mail.outbox] == [[ana.email], ["nobody@example.com"]]


def test_the_sixth_request_for_an_address_waits(ana: User) -> None:
    for _ in range(5):
        assert post(Client(), "password/reset/", email=ana.email).status_code == 302
    assert post(Client(), "password/reset/", email=ana.email).status_code == 429


def test_who_is_switched_off_gets_no_link(ana: User) -> None:
    User.objects.update(is_active=False)
    post(Client(), "password/reset/", email=ana.email)

    assert "/password/reset/key/" not in letter()
