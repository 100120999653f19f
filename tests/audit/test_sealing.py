"""The sealer: every committed entry gets one place, whatever order they commit in."""

import logging
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from apps.audit import checkpoint_file, recording, sealing
from apps.audit.actors import Operator
from apps.audit.entry_mac import FIELDS
from apps.audit.leaves import leaf_data, root_of
from apps.audit.models import AuditCheckpoint, AuditEntry, AuditLeaf
from apps.audit.recording import record
from apps.audit.sealing import seal
from apps.audit.signing import checked, origin
from apps.audit.tree import leaf_hash
from apps.audit.verbs import Verb
from apps.audit.verification import verify
from apps.core.ids import uuid7

from .conftest import written


def places() -> list[UUID]:
    return list(AuditLeaf.objects.order_by("position").values_list("entry_id", flat=True))


def id_made(ago: timedelta) -> UUID:
    milliseconds = int((datetime.now(UTC) - ago).timestamp() * 1000)
    return UUID(int=milliseconds << 80 | uuid7().int & ((1 << 80) - 1))


@pytest.mark.django_db
def test_an_empty_log_has_nothing_to_sign() -> None:
    assert seal() == 0
    assert not AuditCheckpoint.objects.exists()
    assert verify().findings == []


@pytest.mark.django_db
def test_entries_get_gap_free_places_and_one_checkpoint() -> None:
    entries = written(5)

    assert seal() == 5
    assert places() == [entry.id for entry in entries]
    (row,) = AuditCheckpoint.objects.all()
    signed = checked(row.note)
    assert (signed.origin, signed.size, signed.root) == (origin(), 5, root_of(5))
    assert checkpoint_file.read(settings.AUDIT_CHECKPOINTS) == [signed]


@pytest.mark.django_db
def test_what_is_sealed_is_not_sealed_again() -> None:
    written(3)
    assert [seal(), seal(), seal(everything=True)] == [3, 0, 0]
    assert AuditCheckpoint.objects.count() == 1


@pytest.mark.django_db
def test_a_leaf_is_the_hash_of_one_line_with_every_column() -> None:
    (entry,) = written(1)
    seal()
    values = {name: getattr(entry, name) for name in FIELDS}
    line = leaf_data(values, entry.mac)

    assert bytes(AuditLeaf.objects.get().hashes) == leaf_hash(line)
    assert line.count(b"\n") == 0 and bytes(entry.mac).hex().encode() in line


@pytest.mark.django_db
def test_an_entry_that_commits_late_is_sealed_after_younger_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its id was made before theirs; `id > last` would lose it."""
    written(2)
    seal()
    monkeypatch.setattr(recording, "uuid7", lambda: id_made(timedelta(minutes=50)))
    (late,) = written(1)

    assert seal() == 1
    assert places()[2] == late.id
    assert verify().findings == []


@pytest.mark.django_db
def test_an_entry_of_a_very_long_transaction_waits_for_a_whole_sweep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written(1)
    seal()
    monkeypatch.setattr(recording, "uuid7", lambda: id_made(timedelta(hours=30)))
    written(1)

    assert verify().waiting == 1
    assert seal(everything=True) == 1


@pytest.mark.django_db
def test_the_first_seal_of_a_day_looks_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    ages = iter([timedelta(hours=25), timedelta(days=9)])
    monkeypatch.setattr(recording, "uuid7", lambda: id_made(next(ages)))
    written(1)
    seal()
    written(1)

    assert seal() == 1


@pytest.mark.django_db
def test_more_than_a_batch_is_sealed_under_several_checkpoints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 4)
    entries = written(10)

    assert seal() == 10
    assert list(AuditCheckpoint.objects.order_by("size").values_list("size", flat=True)) == [
        *(4, 8, 10)
    ]
    assert places() == [entry.id for entry in entries]
    assert verify().findings == []


@pytest.mark.django_db
def test_a_tick_seals_and_a_broken_log_does_not_stop_the_rest(
    sealed_log: None, capsys: pytest.CaptureFixture, caplog: pytest.LogCaptureFixture
) -> None:
    settings.AUDIT_CHECKPOINTS.write_text("not a checkpoint\n")
    written(1)
    with caplog.at_level(logging.CRITICAL):
        call_command("tick")

    assert "seal_audit: NOT SEALED" in capsys.readouterr().out
    assert "audit_not_sealed" in caplog.text
    assert AuditLeaf.objects.count() == 10


@pytest.mark.django_db
def test_a_retired_key_and_an_earlier_name_still_count(sealed_log: None, settings: object) -> None:
    new = {2: b"0123456789abcdef0123456789abcdeZ"}
    settings.AUDIT_SIGNING_KEYS = settings.AUDIT_SIGNING_KEYS | new
    settings.AUDIT_SIGNING_KEY_ACTIVE = 2
    settings.PUBLIC_URL = "https://moved.example.com"
    written(1)
    seal()

    assert checked(AuditCheckpoint.objects.get(size=11).note).origin == "moved.example.com/audit"
    assert verify().findings == []

    settings.AUDIT_SIGNING_KEYS = new
    assert verify().findings, "what a forgotten key signed proves nothing any more"


@pytest.mark.django_db
def test_a_new_audit_key_changes_nothing_for_what_is_sealed(
    sealed_log: None, settings: object
) -> None:
    settings.AUDIT_KEY = b"another key of thirty-two bytes!"
    written(1)
    seal()

    assert verify().findings == []


@pytest.mark.usefixtures("committed")
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_an_entry_in_an_open_transaction_is_sealed_once_it_commits() -> None:
    """Writers and the sealer on connections of their own, as in production."""
    opened, close = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            record(Verb.OFFER_ACCEPTED, Operator())
            opened.set()
            close.wait(10)
        connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    opened.wait(10)
    younger = written(2)
    assert seal() == 2, "the sealer does not wait for writers"
    close.set()
    writer.join()

    assert seal() == 1
    assert places()[:2] == [entry.id for entry in younger]
    assert AuditEntry.objects.get(id=places()[2]).verb == Verb.OFFER_ACCEPTED
    assert verify().findings == []


@pytest.mark.usefixtures("committed")
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_sealers_at_the_same_moment_give_each_place_once() -> None:
    written(40)
    together = threading.Barrier(4)
    counts: list[int] = []

    def sealer() -> None:
        together.wait(10)
        counts.append(seal())
        connection.close()

    threads = [threading.Thread(target=sealer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counts) == [0, 0, 0, 40]
    assert verify().findings == []
