"""What a session holds is ciphertext, and good for that session alone."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from apps.accounts.session_store import SessionStore
from tests import people

pytestmark = pytest.mark.django_db


def stored(**content: str) -> Session:
    store = SessionStore()
    store.update(content)
    store.create()
    store.update(content)
    store.save()
    return Session.objects.get(pk=store.session_key)


def test_it_holds_what_was_put_in_and_shows_none_of_it() -> None:
    row = stored(who="ana@example.com", password="nine herons")

    assert SessionStore(row.session_key).load() == {
        "who": "ana@example.com",
        "password": "nine herons",
    }
    for readable in ("ana", "heron", "who"):
        assert readable not in row.session_data
    assert stored(who="ana@example.com").session_data != row.session_data


@pytest.mark.parametrize("damage", ["moved", "turned", "cut", "signed", "empty", "no base64"])
def test_anything_else_signs_nobody_in(damage: str) -> None:
    row, other = stored(who="ana"), stored(who="ben")
    text = row.session_data
    row.session_data = {
        "moved": other.session_data,
        "turned": ("A" if text[40] != "A" else "B").join((text[:40], text[41:])),
        "cut": text[:-4],
        "signed": "eyJ3aG8iOiJhbmEifQ:1abcde:AAAA",
        "empty": "",
        "no base64": "é",
    }[damage]
    row.save()

    assert SessionStore(row.session_key).load() == {}


def test_people_stay_signed_in_and_a_new_session_begins_under_a_new_key() -> None:
    user, client = people.verified(), Client()
    client.get("/accounts/login/")
    people.sign_in(user, client=client)
    first = client.cookies["session"].value

    assert people.is_signed_in(client)
    assert Session.objects.filter(pk=first).exists()
    assert str(user.pk) not in Session.objects.get(pk=first).session_data
