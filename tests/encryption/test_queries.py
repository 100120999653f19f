"""Ciphertext can be asked for NULL alone, and nothing in the database is plaintext."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import F, Field
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext, register_lookup

from apps.encryption.fields import EncryptedTextField
from tests.encryption.letters import SECRET, letter
from tests.encryption.models import Letter, Parcel
from tests.encryption.raw import raw_value

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]


def test_null_can_be_asked_for():
    with_note, without = letter(note="n"), letter()
    assert list(Letter.objects.filter(note__isnull=False)) == [with_note]
    assert list(Letter.objects.exclude(note__isnull=False)) == [without]
    assert not Parcel.objects.filter(letter__note__isnull=False).exists()


@pytest.mark.parametrize(
    "lookup",
    [
        *("body", "body__exact", "body__iexact", "body__in", "body__contains", "body__startswith"),
        *("body__gt", "body__range", "body__regex", "body__lower", "body__isnull__exact"),
        *("sent_on__year", "sent_on__year__gt", "sent_on", "postage__lte"),
    ],
)
def test_any_other_look_up_is_refused(lookup):
    with pytest.raises(FieldError) as refusal:
        Letter.objects.filter(**{lookup: "planted"})
    assert "planted" not in str(refusal.value)


def test_a_look_up_from_another_table_is_refused():
    with pytest.raises(FieldError):
        Parcel.objects.filter(letter__body=SECRET)


@pytest.mark.parametrize("lookup", ["body__length", "body__length__gt"])
def test_a_transform_registered_for_every_field_does_not_reach_the_ciphertext(lookup):
    with register_lookup(Field, Length), pytest.raises(FieldError, match="not length"):
        Letter.objects.filter(**{lookup: 3})


def test_values_hand_out_sealed_values_alone():
    letter(sent_on=datetime.date(2020, 2, 3))
    (row,) = Letter.objects.values("body", "sent_on", "note")
    assert repr(row) == "{'body': <Sealed>, 'sent_on': <Sealed>, 'note': None}"
    assert repr(Letter.objects.annotate(copied=F("body")).get().copied) == "<Sealed>"
    (raw,) = Letter.objects.raw("SELECT id, body FROM encryption_letter")
    assert repr(raw.__dict__["body"]) == "<Sealed>"


def test_no_plaintext_reaches_the_database_or_the_query_log():
    with CaptureQueriesContext(
        connection,
    ) as queries:
        row = letter(note="Rosebud", sent_on=datetime.date(1941, 5, 1), postage=Decimal("4321.99"))
        row.note = "Rosebud!"
        row.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM encryption_letter")
        stored = b"|".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for value in cursor.fetchone()
        )
    logged = str(queries.captured_queries)
    assert row.title.encode() in stored
    assert row.title in logged
    for planted in (SECRET, "Rosebud", "1941-05", "4321.99"):
        assert planted.encode() not in stored
        assert planted not in logged
        assert planted.encode().hex() not in logged.lower()


@pytest.mark.parametrize("given", [b"bytes", memoryview(b"bytes")])
def test_a_driver_may_give_bytes_or_a_memoryview(given):
    sealed = Letter._meta.get_field("body").from_db_value(given, None, connection)
    assert sealed.envelope == b"bytes"
    assert type(sealed.envelope) is bytes


def test_a_stored_value_is_longer_than_its_text_by_the_envelope_alone():
    assert len(raw_value(letter(body="abc"), "body")) == 3 + 39


def test_a_text_field_keeps_its_bound_in_characters_and_not_bytes():
    field = EncryptedTextField(max_length=2)
    assert field.to_bytes("🏡🏡") == "🏡🏡".encode()
