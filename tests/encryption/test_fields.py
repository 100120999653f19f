"""Whatever is written comes back exactly, and only when it is read."""

import datetime
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.encryption.errors import DecryptionRefused
from apps.encryption.fields import EncryptedDecimalField
from apps.encryption.sealed import Sealed
from tests.encryption.letters import SECRET, again, letter
from tests.encryption.models import Letter, Parcel
from tests.encryption.raw import raw_value

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]


@pytest.mark.parametrize("text", ["", "é", "e\u0301", "ﬃ", "🏡 \x00 \u202e", " a\r\n", "x" * 100])
def test_any_text_comes_back_exactly(text):
    assert again(letter(body=text)).body == text


@pytest.mark.parametrize("day", [datetime.date(1, 1, 1), datetime.date(9999, 12, 31)])
def test_a_date_comes_back(day):
    assert again(letter(sent_on=day)).sent_on == day


@pytest.mark.parametrize(
    ("given", "kept"),
    [("0", "0.00"), ("-0.00", "0.00"), ("1.5", "1.50"), ("-12345.67", "-12345.67"), ("1E2", "100")],
)
def test_a_decimal_comes_back_with_its_places(given, kept):
    found = again(letter(postage=Decimal(given))).postage
    assert found == Decimal(kept)
    assert found.as_tuple().exponent == -2
    assert str(found)[0] != "-" or found < 0


@given(st.decimals(-99999, 99999, places=2))
def test_every_decimal_is_kept_in_one_width(number):
    field = EncryptedDecimalField(max_digits=7, decimal_places=2)
    plaintext = field.to_bytes(number)
    assert len(plaintext) == 10
    assert field.from_bytes(plaintext) == number


def test_null_stays_null():
    row = again(letter(note=None))
    assert (row.note, row.sent_on, row.postage) == (None, None, None)
    assert raw_value(row, "note") is None


def test_a_value_reads_back_before_and_after_saving():
    row = Letter(title="t", body=SECRET)
    assert row.body == SECRET
    row.save()
    assert row.body == SECRET
    row.body = "other"
    assert row.body == "other"
    row.save(update_fields=["body"])
    assert again(row).body == "other"


def test_update_fields_leaves_the_other_columns_alone():
    row = letter(note="first")
    row.body, row.note = "changed", "not written"
    row.save(update_fields=["body"])
    assert (again(row).body, again(row).note) == ("changed", "first")


def test_bulk_create_encrypts_each_row_for_itself():
    rows = [Letter(title=str(n), body=f"letter {n}") for n in range(5)]
    Letter.objects.bulk_create(rows)
    assert [again(row).body for row in rows] == [f"letter {n}" for n in range(5)]


def test_a_number_or_its_text_as_primary_key_name_the_same_row():
    assert again(Parcel.objects.create(number=7, body="a")).body == "a"
    assert Parcel.objects.get(pk=Parcel.objects.create(number="8", body="b").pk).body == "b"


def test_an_unsaved_uuid_in_text_names_the_same_row():
    row = Letter(pk=str(uuid.uuid4()), title="t", body=SECRET)
    row.save()
    assert Letter.objects.get(title="t").body == SECRET


def test_update_or_create_works_by_its_defaults():
    row = letter(title="one")
    Letter.objects.update_or_create(title="one", defaults={"body": "two"})
    assert again(row).body == "two"


def test_loading_decrypts_nothing_until_it_is_read(settings):
    row = letter()
    settings.FIELD_KEYS = {1: b"\x77" * 32}
    loaded = again(row)
    assert loaded.title == row.title
    with pytest.raises(DecryptionRefused):
        _ = loaded.body


def test_an_untouched_value_is_written_back_as_it_is():
    row = letter()
    before = raw_value(row, "body")
    loaded = again(row)
    assert loaded.body == SECRET
    loaded.title = "new title"
    loaded.save()
    assert raw_value(row, "body") == before
    loaded.body = SECRET
    loaded.save()
    assert raw_value(row, "body") != before


@pytest.mark.parametrize("queryset", [Letter.objects.only("title"), Letter.objects.defer("body")])
def test_a_deferred_field_is_fetched_when_read_and_kept_sealed(queryset, django_assert_num_queries):
    loaded = queryset.get(pk=letter().pk)
    assert "body" in loaded.get_deferred_fields()
    with django_assert_num_queries(1):
        assert (loaded.body, loaded.body) == (SECRET, SECRET)
    assert isinstance(loaded.__dict__["body"], Sealed)


def test_saving_a_row_with_a_deferred_field_leaves_it_alone():
    row = letter()
    before = raw_value(row, "body")
    loaded = Letter.objects.defer("body").get(pk=row.pk)
    loaded.title = "new"
    loaded.save()
    assert raw_value(row, "body") == before


def test_refresh_brings_what_is_stored():
    row = letter()
    other = again(row)
    other.body = "newer"
    other.save()
    row.refresh_from_db()
    assert row.body == "newer"
    row.body = "unsaved"
    row.refresh_from_db(fields=["body"])
    assert row.body == "newer"
    row.save()
    assert again(row).body == "newer"
