"""`manage.py field_keys`: what rests on which key, to the last value."""

import pytest
from django.db import OperationalError

from apps.encryption.management.commands import field_keys
from tests.encryption.letters import letter
from tests.encryption.raw import write_raw
from tests.encryption.rotating import rotate, run, under_key_1

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]


def test_it_counts_every_value_by_column_and_key(settings):
    letter(note="n")
    settings.FIELD_KEY_ACTIVE = 2
    write_raw(letter(), "body", b"debris")

    status, said = run("field_keys")

    assert status == 0
    assert "encryption_letter.note  key 1: 1" in said
    assert said.splitlines()[-3:] == [
        "no envelope: 1 values",
        "key 1: 2 values",
        "key 2 (active): 0 values",
    ]


def test_a_key_may_go_when_the_last_value_has_left_it(settings):
    row = letter()
    settings.FIELD_KEY_ACTIVE = 2
    status, said = run("field_keys", "--may-remove=1")
    assert (status, said) == (1, "No: values rest on key 1: 1 in encryption_letter.body.")

    rotate()
    assert run("field_keys", "--may-remove=1")[0] == 0
    write_raw(row, "note", under_key_1(row))
    assert "1 in encryption_letter.note" in run("field_keys", "--may-remove=1")[1]


def test_the_active_key_never_may_go():
    assert run("field_keys", "--may-remove=1") == (1, "No: key 1 is the active one.")


def test_a_key_that_is_not_in_the_ring_is_asked_for_alike(settings):
    letter()
    settings.FIELD_KEYS, settings.FIELD_KEY_ACTIVE = {2: settings.FIELD_KEYS[2]}, 2
    assert run("field_keys", "--may-remove=1")[0] == 1
    assert "key 1 (MISSING from the ring: they cannot be opened): 1 values" in run("field_keys")[1]


def test_where_the_database_does_not_answer_nothing_is_said_to_be_free(monkeypatch):
    def gone():
        raise OperationalError("DETAIL: 12 Elm Street")

    monkeypatch.setattr(field_keys, "values_by_key", gone)
    status, said = run("field_keys", "--may-remove=2")
    assert (status, said) == (1, "The database does not answer (OperationalError).")
