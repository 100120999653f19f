"""The page that hands people their data: signed in is not enough."""

import json

import pytest
from django.test import Client

from apps.audit.models import AuditEntry
from tests import people

from .life import EMAIL, Life

pytestmark = pytest.mark.django_db

HERE = "/accounts/data/"


def test_who_has_just_proved_the_second_factor_downloads_it() -> None:
    life = Life()
    browser = people.comes_in(Client(), life.user, minutes=1)

    assert "Download" in browser.get(HERE).content.decode()
    assert not AuditEntry.objects.filter(verb="account.exported").exists()
    answer = people.post(browser, "data/")
    document = json.loads(answer.getvalue())
    assert document["sections"]["accounts.user"][0]["email"] == EMAIL
    assert document["complete"] is True
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.get(verb="account.exported").credential == "session"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_session_that_was_left_open_is_asked_for_a_proof_first(method: str) -> None:
    life = Life()
    browser = people.comes_in(Client(), life.user, minutes=60)

    answer = getattr(browser, method)(HERE)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/second-factors/reauthenticate/")
    assert not AuditEntry.objects.filter(verb="account.exported").exists()


def test_nobody_in_particular_is_sent_to_sign_in() -> None:
    assert Client().post(HERE)["Location"].startswith("/accounts/login/")


def test_a_button_on_another_site_downloads_nothing() -> None:
    browser = Client(enforce_csrf_checks=True)
    people.comes_in(browser, Life().user)

    assert people.post(browser, "data/").status_code == 403


def test_the_page_and_the_api_share_one_limit() -> None:
    life = Life()
    browser = people.comes_in(Client(), life.user, minutes=1)
    answers = [people.post(browser, "data/").status_code for _ in range(3)]
    answers += [life.steps_up().get("me/export").status_code for _ in range(3)]

    assert answers == [200] * 5 + [429]
    assert people.post(browser, "data/").status_code == 429
