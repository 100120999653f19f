"""A stored value that was altered, moved or never sealed raises; it is never None."""

import pytest
from django.db import connection

from apps.encryption.envelope import column_cipher
from apps.encryption.errors import DecryptionRefused, UnreadableContent
from apps.encryption.ring import key_ring
from tests.encryption.letters import SECRET, again, letter
from tests.encryption.models import Letter, Parcel
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
    write_raw(row, "note", raw_value(row, "body"))
    with pytest.raises(DecryptionRefused):
        _ = again(row).note


def test_a_ciphertext_cannot_be_moved_to_another_table():
    row, parcel = letter(), Parcel.objects.create(number=1, body="p")
    write_raw(parcel, "body", raw_value(row, "body"))
    with pytest.raises(DecryptionRefused):
        _ = again(parcel).body


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


@pytest.mark.parametrize("content", [b"not a date", b"\xff\xfe"])
def test_content_of_another_type_is_refused_without_showing_it(content):
    row = letter()
    cipher = column_cipher(key_ring(), Letter._meta.db_table, "sent_on")
    write_raw(row, "sent_on", cipher.seal(row.pk.bytes, content))
    with pytest.raises(UnreadableContent) as refusal:
        _ = again(row).sent_on
    assert str(refusal.value) == "encryption_letter.sent_on: not a date"
    # A chained error would carry the whole content into every log.
    assert refusal.value.__context__ is None
