"""A changed file of keys takes the ring's place, or changes nothing and says why."""

import pytest
from django.db import OperationalError

from apps.encryption import key_change
from apps.encryption.envelope import column_cipher, header
from apps.encryption.key_change import successor
from apps.encryption.keys import KeyRing
from apps.encryption.reach import Reach, every_key_is_there
from apps.encryption.ring import LOOK_EVERY, ProcessRing, key_ring
from tests.encryption.letters import letter
from tests.encryption.raw import write_raw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]

ONE, TWO, THREE = (bytes([n]) * 32 for n in (0x11, 0x22, 0x33))


class File:
    """What a file holds; an exception is raised in place of reading it."""

    def __init__(self, *held):
        self.held, self.number = held, 1

    def stamp(self):
        return self.number

    def read(self):
        if isinstance(self.held[0], Exception):
            raise self.held[0]
        return self.held


def reasons(caplog):
    return [r.fields["reason"] for r in caplog.records if r.message == "field_keys_refused"]


def test_a_key_that_was_added_and_activated_is_taken(caplog):
    new = successor(KeyRing({1: ONE}, 1), File({1: ONE, 2: TWO}, 2))
    assert repr(new) == "<KeyRing ids=[1, 2] active=2>"
    (taken,) = [r for r in caplog.records if r.message == "field_keys_taken"]
    assert taken.fields == {"ids": [1, 2], "active": 2}
    assert successor(new, File({1: ONE, 2: TWO}, 2)) is new


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ((ValueError("FIELD_KEYS does not end with active:id"),), "does not end with"),
        (({1: ONE, 2: TWO}, 3), "active key 3"),
        (({1: THREE}, 1), "key 1 is another key than before"),
    ],
)
def test_a_broken_file_changes_nothing_and_is_told(caplog, held, reason):
    assert successor(KeyRing({1: ONE}, 1), File(*held)) is None
    (told,) = reasons(caplog)
    assert reason in told
    assert "\\x" not in told


def test_a_key_that_rows_rest_on_does_not_go(settings, caplog):
    letter()
    ring = key_ring()
    without = {2: settings.FIELD_KEYS[2]}
    assert successor(ring, File(without, 2)) is None
    assert reasons(caplog) == ["without [1]: rows of encryption_letter still rest on it"]


def test_a_key_that_no_row_rests_on_goes(settings):
    settings.FIELD_KEY_ACTIVE = 2
    letter()
    new = successor(key_ring(), File({2: settings.FIELD_KEYS[2]}, 2))
    assert repr(new) == "<KeyRing ids=[2] active=2>"


def test_where_the_database_does_not_answer_no_key_goes(settings, monkeypatch, caplog):
    def gone(_):
        raise OperationalError("DETAIL: (12 Elm Street)")

    monkeypatch.setattr(key_change, "resting_on_any", gone)
    assert successor(key_ring(), File({2: settings.FIELD_KEYS[2]}, 2)) is None
    assert reasons(caplog) == ["no answer: OperationalError"]
    assert "Elm" not in caplog.text


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def watched(settings, monkeypatch):
    """A ring on a file, its clock, and threads that run at once."""
    clock, file, looks = Clock(), File({1: ONE}, 1), []

    class Now:
        def __init__(self, target, args, **_):
            self.run = lambda: target(*args)

        def start(self):
            looks.append(1)
            self.run()

    monkeypatch.setattr("apps.encryption.ring.monotonic", clock)
    monkeypatch.setattr("apps.encryption.ring.Thread", Now)
    monkeypatch.setattr("apps.encryption.ring.connection.close", lambda: None)
    settings.FIELD_KEYS, settings.FIELD_KEY_ACTIVE = {1: ONE}, 1
    settings.FIELD_KEY_FILE = file
    return ProcessRing(), file, clock, looks


def test_a_running_process_takes_a_changed_file(watched):
    ring, file, clock, _ = watched
    first = ring.current()
    clock.now += LOOK_EVERY
    assert ring.current() is first
    file.held, file.number = ({1: ONE, 2: TWO}, 2), 2
    assert ring.current() is first
    column_cipher(first, "t", "c")
    clock.now += LOOK_EVERY
    ring.current()
    assert ring.current().active == 2
    assert column_cipher.cache_info().currsize == 0  # nothing derived from the old ring is kept


def test_a_file_that_does_not_change_is_not_read_and_seldom_looked_at(watched):
    ring, file, clock, looks = watched
    ring.current()
    clock.now += LOOK_EVERY
    ring.current()
    assert looks == [1]
    file.held = (AssertionError("read"),)
    stamps = []
    file.stamp = lambda: stamps.append(1) or 1
    for _ in range(100):
        clock.now += LOOK_EVERY / 50
        ring.current()
    assert len(stamps) == 2
    assert looks == [1]


def test_a_refused_file_is_tried_again_until_it_is_good(watched):
    ring, file, clock, _ = watched
    first = ring.current()
    file.held = (ValueError("cut short"),)
    clock.now += LOOK_EVERY
    assert ring.current() is first
    file.held = ({1: ONE, 2: TWO}, 2)
    assert ring.current() is first
    clock.now += 10
    ring.current()
    assert ring.current().active == 2


def test_without_a_file_nothing_is_ever_looked_at(settings, monkeypatch):
    ring = ProcessRing()
    clock = Clock()
    monkeypatch.setattr("apps.encryption.ring.monotonic", clock)
    first = ring.current()
    clock.now = 1e12
    assert ring.current() is first


def test_a_process_without_a_key_that_rows_need_says_so(settings, caplog):
    row = letter()
    assert Reach()()
    assert every_key_is_there(None, ["default"]) == []
    settings.FIELD_KEYS, settings.FIELD_KEY_ACTIVE = {2: settings.FIELD_KEYS[2]}, 2

    assert not Reach()()
    (said,) = [r.fields for r in caplog.records if r.message == "field_keys_missing"]
    assert said == {"tables": ["encryption_letter"], "ids": [2]}
    (error,) = every_key_is_there(None, ["default"])
    assert error.id == "encryption.E020"
    assert "encryption_letter" in error.msg
    write_raw(row, "body", header(2) + bytes(40))
    assert Reach()()


def test_readiness_names_the_part_and_asks_seldom(settings, client, monkeypatch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from config import health

    letter()
    settings.FIELD_KEYS, settings.FIELD_KEY_ACTIVE = {2: settings.FIELD_KEYS[2]}, 2
    monkeypatch.setitem(health.CHECKS, "keys", Reach())
    answers = []
    with CaptureQueriesContext(connection) as queries:
        answers += [client.get("/readyz") for _ in range(2)]

    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].json()["parts"]["keys"] == "failing"
    assert "encryption_letter" not in answers[0].content.decode()
    asked = [q for q in queries.captured_queries if q["sql"] and "SUBSTR(" in q["sql"]]
    assert 0 < len([q for q in asked if '"encryption_letter"' in q["sql"]]) == 1
