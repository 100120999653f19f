"""The own sessions: seen, ended one by one, and nobody else's."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from tests.people import is_signed_in, post, sign_in, verified

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def ana() -> User:
    return verified(email="ana@example.com")


def browser(user: User, agent: str = FIREFOX) -> Client:
    return sign_in(user, client=Client(headers={"User-Agent": agent}))


def number_of(client: Client) -> str:
    return str(UserSession.objects.get(session_key=client.session.session_key).pk)


def test_each_is_shown_with_where_it_is_and_without_its_key(ana: User) -> None:
    client, other = browser(ana), browser(ana, "curl/8")
    page = client.get("/accounts/sessions/").content.decode()

    assert "Firefox on Linux" in page and "curl" in page
    assert page.count("198.51.100.7") >= 2 and page.count(">this one<") == 1
    for one in (client, other):
        assert one.session.session_key not in page


def test_one_is_ended_and_the_others_stay(ana: User) -> None:
    here, lost, third = (browser(ana) for _ in range(3))
    post(here, "sessions/", session=number_of(lost))

    assert not is_signed_in(lost)
    assert is_signed_in(here) and is_signed_in(third)
    assert AuditEntry.objects.filter(verb="session.ended").count() == 1


def test_all_others_are_ended_at_once(ana: User) -> None:
    here, *others = (browser(ana) for _ in range(3))
    post(here, "sessions/", session="others")

    assert is_signed_in(here) and not any(is_signed_in(other) for other in others)
    assert Session.objects.count() == 1


def test_ending_this_one_signs_out(ana: User) -> None:
    here = browser(ana)
    assert post(here, "sessions/", session=number_of(here))["Location"] == "/accounts/login/"
    assert not is_signed_in(here)
    assert not UserSession.objects.exists()


def test_nobody_ends_a_session_of_another(ana: User) -> None:
    stranger = browser(verified(email="stranger@example.com"))
    own = browser(ana)

    assert post(stranger, "sessions/", session=number_of(own)).status_code == 404
    assert is_signed_in(own)


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 30, "²"])
def test_nonsense_ends_nothing(ana: User, number: str) -> None:
    client = browser(ana)
    client.raise_request_exception = False
    assert post(client, "sessions/", session=number).status_code == 404
    assert is_signed_in(client)


def test_a_browser_that_describes_itself_in_markup_is_shown_as_text(ana: User) -> None:
    client = browser(ana, "<script>alert(1)</script> Firefox")
    page = client.get("/accounts/sessions/").content.decode()

    assert not re.search(r"<script>alert", page)


def test_pages_of_the_account_are_stored_by_nobody(ana: User) -> None:
    client = browser(ana)
    for path in ("", "sessions/"):
        assert "no-store" in client.get(f"/accounts/{path}")["Cache-Control"]
