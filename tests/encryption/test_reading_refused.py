"""A stored value that was altered, moved or never sealed raises; it is never None."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from apps.encryption.envelope import column_cipher
from apps.encryption.errors import DecryptionRefused, UnreadableContent
from apps.encryption.ring import key_ring
from tests.encryption.letters import SECRET, again, letter
from tests.encryption.models import Contact, Letter
from tests.encryption.raw import raw_value, write_raw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]


def test_the_ciphertexts_of_two_rows_cannot_be_swapped():
    one, other = letter(body="one"), letter(body="other")
    of_one, of_other = raw_value(one, "body"), raw_value(other, "body")
    write_raw(one, "body", of_other)
    write_raw(other, "body", of_one)
    for row in (one, other):
        with pytest.raises(DecryptionRefused):
            _ = again(row).body


def test_the_ciphertexts_of_two_columns_cannot_be_swapped():
    row = letter(note="note")
    of_body, of_note = raw_value(row, "body"), raw_value(row, "note")
    write_raw(row, "note", of_body)
    write_raw(row, "body", of_note)
    for name in ("body", "note"):
        with pytest.raises(DecryptionRefused):
            getattr(again(row), name)


def test_the_ciphertexts_of_two_tables_cannot_be_swapped():
    # The column and the row have one name in both: nothing but the table is another.
    contact = Contact.objects.create(phone="+15055550123", body=SECRET)
    row = letter(pk=contact.pk)
    of_letter, of_contact = raw_value(row, "body"), raw_value(contact, "body")
    write_raw(row, "body", of_contact)
    write_raw(contact, "body", of_letter)
    for swapped in (row, contact):
        with pytest.raises(DecryptionRefused):
            _ = again(swapped).body


@pytest.mark.parametrize("name", ["body", "sent_on", "postage", "scan", "marks"])
def test_every_flipped_byte_of_a_stored_value_is_refused(name):
    row = letter(
        sent_on=date(2020, 2, 3), postage=Decimal("1.50"), scan=b"x", marks=["a", {"b": 1}]
    )
    stored = raw_value(row, name)
    for place in range(len(stored)):
        altered = bytearray(stored)
        altered[place] ^= 1 << place % 8
        write_raw(row, name, bytes(altered))
        with pytest.raises(DecryptionRefused):
            getattr(again(row), name)


@pytest.mark.parametrize("debris", [b"", SECRET.encode(), b"\x01" * 60])
def test_what_was_never_sealed_is_refused_and_one_bad_row_spares_the_others(debris):
    bad, good = letter(), letter()
    write_raw(bad, "body", debris)
    loaded = {row.pk: row for row in Letter.objects.all()}
    assert loaded[good.pk].body == SECRET
    with pytest.raises(DecryptionRefused):
        _ = loaded[bad.pk].body


def test_text_in_the_column_is_refused():
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite lets a text into a binary column")
    row = letter()
    write_raw(row, "body", SECRET)
    with pytest.raises(DecryptionRefused) as refusal:
        _ = again(row).body
    assert "Elm" not in repr(refusal.value)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("sent_on", b"not a date", "date"),
        ("sent_on", b"\xff\xfe", "date"),
        ("postage", b"a", "Decimal"),
        ("body", b"\xff\xfe", "str"),
        ("marks", b"5", "dict or list"),
        ("marks", b"{", "dict or list"),
        ("marks", b"\xff", "dict or list"),
    ],
)
def test_content_of_another_type_is_refused_without_showing_it(name, content, expected):
    row = letter()
    cipher = column_cipher(key_ring(), Letter._meta.db_table, name)
    write_raw(row, name, cipher.seal(row.pk.bytes, content))
    with pytest.raises(UnreadableContent) as refusal:
        getattr(again(row), name)
    assert str(refusal.value) == f"encryption_letter.{name}: not a {expected}"
    # A chained error would carry the whole content into every log.
    assert refusal.value.__context__ is None
