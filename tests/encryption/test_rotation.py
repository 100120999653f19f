"""Every stored value goes under the active key, and nothing else changes."""

import datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import OperationalError, connection

from apps.accounts.models import SecondFactorSecret
from apps.audit.models import AuditEntry
from apps.encryption.blind_index_field import BlindIndexField
from apps.encryption.encrypted_field import EncryptedField
from apps.encryption.envelope import header
from apps.encryption.resealing import Resealing
from apps.encryption.stored import sealed_tables, values_by_key
from tests import world
from tests.api import Api
from tests.encryption.letters import again, letter
from tests.encryption.models import Letter, Parcel
from tests.encryption.raw import raw_value, write_raw
from tests.encryption.rotating import key_id, rotate, under_key_1

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]

COLUMNS = ("body", "note", "sent_on", "postage")
DAY, POSTAGE = datetime.date(2020, 2, 29), Decimal("-12.50")


def whole(row):
    """The whole row as the database holds it, less its encrypted columns."""
    kinds = (EncryptedField, BlindIndexField)
    names = [f.column for f in row._meta.concrete_fields if not isinstance(f, kinds)]
    return {name: raw_value(row, name) for name in names}


def test_every_value_of_every_type_goes_under_the_active_key_and_reads_the_same(settings):
    full = letter(body="é", note="", sent_on=DAY, postage=POSTAGE)
    empty, parcel = letter(), Parcel.objects.create(number=7, body="p")
    settings.FIELD_KEY_ACTIVE = 2

    status, said = rotate("--batch", "1")

    assert status == 0, said
    assert "6 values sealed anew under key 2" in said
    assert [key_id(full, column) for column in COLUMNS] == [2, 2, 2, 2]
    row = again(full)
    assert (row.body, row.note, row.sent_on, row.postage) == ("é", "", DAY, POSTAGE)
    assert (again(empty).body, again(empty).note) == (empty.body, None)
    assert key_id(parcel, "body") == 2
    assert again(parcel).body == "p"


def test_what_is_under_the_active_key_already_is_not_touched(settings):
    settings.FIELD_KEY_ACTIVE = 2
    fresh = letter(note="n")
    settings.FIELD_KEY_ACTIVE = 1
    mixed = letter(note="n")
    settings.FIELD_KEY_ACTIVE = 2
    mixed.body = "written since"
    mixed.save()
    before = [raw_value(fresh, "body"), raw_value(fresh, "note"), raw_value(mixed, "body")]
    write_raw(mixed, "note", under_key_1(mixed))

    assert rotate()[1].endswith("1 values sealed anew under key 2.\n")

    assert before == [raw_value(fresh, "body"), raw_value(fresh, "note"), raw_value(mixed, "body")]
    assert key_id(mixed, "note") == 2
    assert again(mixed).note == "n"


def test_a_second_run_finds_nothing_to_do_and_records_nothing(settings):
    row = letter()
    settings.FIELD_KEY_ACTIVE = 2
    rotate()
    sealed, entries = raw_value(row, "body"), AuditEntry.objects.count()

    status, said = rotate()

    assert (status, "0 values sealed anew" in said) == (0, True)
    assert raw_value(row, "body") == sealed
    assert AuditEntry.objects.count() == entries


def test_what_people_see_of_a_row_does_not_change_with_its_key(settings):
    manager = world.person(world.Role.MANAGER)
    agency = manager.membership.agency
    listing, buyer = world.listing(agency), world.person()
    profile, offer = world.profile(buyer), world.offer(listing, buyer)
    secret = SecondFactorSecret.objects.create(user=manager, secret="JBSWY3DPEHPK3PXP")
    key = world.key(manager)
    rows = (listing, profile, offer, secret)
    before = [whole(row) for row in rows]

    def seen():
        answer = Api(key).get(f"listings/{listing.pk}")
        assert answer.status_code == 200
        return answer.json(), answer["ETag"]

    as_seen = seen()
    settings.FIELD_KEY_ACTIVE = 2
    assert rotate()[0] == 0

    assert [whole(row) for row in rows] == before
    assert seen() == as_seen
    assert again(offer).message == "We can close within thirty days."
    assert again(profile).annual_income == Decimal("85000.00")
    assert again(secret).secret == "JBSWY3DPEHPK3PXP"
    assert key_id(secret, "secret") == 2
    assert {ids for counter in values_by_key().values() for ids in counter} == {2}


def test_the_audit_says_what_was_there_before_and_after(settings):
    letter(note="n"), letter()
    settings.FIELD_KEY_ACTIVE = 2
    earlier = set(AuditEntry.objects.values_list("pk", flat=True))
    rotate("--batch", "1")

    begun, done = AuditEntry.objects.exclude(pk__in=earlier).order_by("pk")

    assert (begun.verb, begun.actor) == ("field_keys.rotation_begun", "command")
    assert begun.changes == {"active": 2, "before": {"1": 3}}
    assert (done.verb, done.actor, done.outcome) == ("field_keys.rotated", "command", "done")
    assert done.changes == {
        "active": 2,
        "resealed": 3,
        "unreadable": 0,
        "before": {"1": 3},
        "after": {"2": 3},
    }


def test_what_cannot_be_opened_is_named_stays_as_it_is_and_stops_nothing(settings):
    bad, moved, unknown, good = (letter() for _ in range(4))
    foreign = header(9) + bytes(40)
    write_raw(bad, "body", b"plaintext in the column, once upon a time")
    write_raw(moved, "body", raw_value(good, "body"))
    write_raw(unknown, "body", foreign)
    settings.FIELD_KEY_ACTIVE = 2

    status, said = rotate("--batch", "1")

    assert status == 1
    assert f"encryption_letter.body, row {bad.pk}: UnknownVersion" in said
    assert f"encryption_letter.body, row {moved.pk}: NotAuthentic" in said
    assert f"encryption_letter.body, row {unknown.pk}: UnknownKey" in said
    assert said.count("cannot be sealed anew:") == 3
    assert said.endswith("3 values cannot be sealed anew and stay as they are.")
    assert "key 9 (MISSING from the ring: they cannot be opened): 1 values" in said
    assert "upon a time" not in said
    assert key_id(good, "body") == 2
    assert raw_value(unknown, "body") == foreign
    assert key_id(moved, "body") == 1


def test_a_rehearsal_opens_everything_and_writes_nothing(settings):
    good, bad = letter(note="n"), letter()
    write_raw(bad, "body", b"x" * 40)
    settings.FIELD_KEY_ACTIVE = 2
    before = [raw_value(good, "body"), raw_value(good, "note"), raw_value(bad, "body")]
    entries = AuditEntry.objects.count()

    status, said = rotate("--dry-run", "--batch", "1")

    assert status == 1
    assert "2 values would be sealed anew under key 2." in said
    assert f"row {bad.pk}: UnknownVersion" in said
    assert before == [raw_value(good, "body"), raw_value(good, "note"), raw_value(bad, "body")]
    assert AuditEntry.objects.count() == entries


def test_the_counts_are_told_by_column_and_by_key(settings):
    letter(note="n"), letter()
    settings.FIELD_KEY_ACTIVE = 2

    _, rehearsed = rotate("--dry-run")
    _, said = rotate()

    assert "encryption_letter.body  key 1: 2" in rehearsed
    assert "key 2 (active): 0 values" in rehearsed
    assert "encryption_letter.body  key 2: 2" in said
    assert "encryption_letter.note  key 2: 1" in said
    assert "key 1: 0 values\nkey 2 (active): 3 values" in said


@pytest.mark.parametrize("size", ["0", "-1", "10001", "many"])
def test_a_batch_has_bounds(size):
    assert rotate("--batch", size)[0] == 1


def test_every_encrypted_field_and_blind_index_of_every_model_is_walked():
    found = {(table.model, field.name) for table in sealed_tables() for field in table.fields}
    assert found == {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if type(field).__name__.startswith(("Encrypted", "BlindIndex"))
    }
    assert (SecondFactorSecret, "secret") in found
    assert (Letter, "postage") in found


def after_each_batch(monkeypatch, happens):
    """Let something happen between a batch of letters and the next, as others would do it."""
    write = Resealing.write

    def interrupted(self):
        for count in write(self):
            yield count
            if self.table.model is Letter and count:
                happens()

    monkeypatch.setattr(Resealing, "write", interrupted)


def test_a_value_that_an_older_node_wrote_behind_the_walk_is_found_again(settings, monkeypatch):
    row, other = letter(), letter()
    settings.FIELD_KEY_ACTIVE = 2
    written = []

    def older_node_writes():
        if not written:
            written.append(1)
            write_raw(row, "note", under_key_1(row))

    after_each_batch(monkeypatch, older_node_writes)
    status, said = rotate("--batch", "2")

    assert status == 0, said
    assert key_id(row, "note") == 2
    assert again(row).note == "n"
    assert again(other).body == other.body


def test_what_cannot_be_opened_is_told_once_however_often_it_is_met(settings, monkeypatch):
    row, bad = letter(), letter()
    write_raw(bad, "body", b"x" * 40)
    settings.FIELD_KEY_ACTIVE = 2
    written = []

    def older_node_writes():
        if not written:
            written.append(1)
            write_raw(row, "note", under_key_1(row))

    after_each_batch(monkeypatch, older_node_writes)
    status, said = rotate()

    assert (status, said.count(f"row {bad.pk}")) == (1, 1)
    assert key_id(row, "note") == 2


def test_a_node_that_never_stops_sealing_under_the_old_key_is_told_of(settings, monkeypatch):
    row = letter()
    settings.FIELD_KEY_ACTIVE = 2
    after_each_batch(monkeypatch, lambda: write_raw(row, "note", under_key_1(row)))

    status, said = rotate()

    assert status == 1
    assert "1 values were written under another key meanwhile" in said
    assert "every node seals under key 2" in said


def test_a_row_that_is_deleted_meanwhile_is_no_loss_to_anybody(settings, monkeypatch):
    rows = sorted((letter() for _ in range(4)), key=lambda row: row.pk)
    settings.FIELD_KEY_ACTIVE = 2
    after_each_batch(monkeypatch, lambda: Letter.objects.filter(pk=rows[3].pk).delete())

    status, said = rotate("--batch", "1")

    assert status == 0, said
    assert [key_id(row, "body") for row in rows[:3]] == [2, 2, 2]
    assert not Letter.objects.filter(pk=rows[3].pk).exists()


@pytest.mark.parametrize("option", [[], ["--dry-run"]])
def test_a_database_that_goes_away_ends_it_cleanly(settings, monkeypatch, option):
    letter()
    settings.FIELD_KEY_ACTIVE = 2

    def gone(self):
        raise OperationalError("server closed the connection; DETAIL: row (12 Elm Street)")

    monkeypatch.setattr(Resealing, "write", gone)
    monkeypatch.setattr(Resealing, "rehearse", gone)
    status, said = rotate(*option)

    assert status == 1
    assert "The database ended it (OperationalError). No value is lost" in said
    assert "Elm" not in said


def test_it_makes_no_key(settings):
    row = letter()
    settings.FIELD_KEY_ACTIVE = 3
    with pytest.raises(ValueError, match="active key 3 is not among the keys"):
        rotate()
    assert key_id(row, "body") == 1


def test_rotating_back_and_forth_loses_nothing(settings):
    row = letter(note="n", sent_on=DAY, postage=POSTAGE)
    for active in (2, 1, 2):
        settings.FIELD_KEY_ACTIVE = active
        assert rotate()[0] == 0
        assert [key_id(row, column) for column in COLUMNS] == [active] * 4
        found = again(row)
        assert (found.body, found.note, found.sent_on, found.postage) == (
            row.body,
            "n",
            DAY,
            POSTAGE,
        )


def test_text_in_the_column_stays_as_it_is(settings):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite lets a text into a binary column")
    row = letter()
    write_raw(row, "body", "in clear")
    settings.FIELD_KEY_ACTIVE = 2
    status, said = rotate()
    assert (status, "MalformedEnvelope" in said, "in clear" in said) == (1, True, False)
    assert raw_value(row, "body") == "in clear"
