"""Whatever is written comes back exactly, and only when it is read."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.encryption.errors import DecryptionRefused
from apps.encryption.fields import EncryptedDecimalField
from apps.encryption.json_field import DEEPEST
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


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
DOCUMENTS = st.lists(JSON, max_size=5) | st.dictionaries(st.text(max_size=8), JSON, max_size=5)


@settings(suppress_health_check=[HealthCheck.too_slow])  # documents, on a busy machine
@given(
    body=st.text(max_size=100),
    sent_on=st.dates(),
    postage=st.decimals(-99999, 99999, places=2),
    scan=st.binary(max_size=100),
    marks=DOCUMENTS,
)
def test_any_value_of_any_type_comes_back(body, sent_on, postage, scan, marks):
    given_values = {
        "body": body,
        "sent_on": sent_on,
        "postage": postage,
        "scan": scan,
        "marks": marks,
    }
    row = Letter(id=uuid.uuid4(), **given_values)
    for name, value in given_values.items():
        field = Letter._meta.get_field(name)
        sealed = field.pre_save(row, add=True)
        assert type(sealed) is Sealed
        assert type(getattr(row, name)) is type(value)
        assert getattr(row, name) == value


@pytest.mark.parametrize("scan", [b"", b"\x00", bytes(range(100))])
def test_any_bytes_come_back(scan):
    assert again(letter(scan=scan)).scan == scan


@pytest.mark.parametrize("marks", [{}, [], {"": None}, [[{"a": [True, 1, 1.5, "é \u2028"]}]]])
def test_any_json_comes_back(marks):
    assert again(letter(marks=marks)).marks == marks


def test_json_is_as_deep_as_it_may_be_and_no_deeper():
    deep: list = []
    for _ in range(DEEPEST - 1):
        deep = [deep]
    assert again(letter(marks=deep)).marks == deep
    with pytest.raises(ValidationError):
        Letter._meta.get_field("marks").to_bytes([deep])


def test_json_that_was_changed_in_place_is_changed_when_it_is_assigned():
    row = letter(marks={"stamps": 1})
    marks = row.marks
    marks["stamps"] = 2
    row.save()
    assert again(row).marks == {"stamps": 1}
    row.marks = marks
    row.save()
    assert again(row).marks == {"stamps": 2}


def test_null_stays_null():
    row = again(letter(note=None))
    assert (row.note, row.sent_on, row.postage, row.scan, row.marks) == (None,) * 5
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
