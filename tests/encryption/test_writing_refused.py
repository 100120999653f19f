"""What cannot be bound to its row, or is out of bounds, is not written."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError
from django.db.models import F, Value
from django.db.transaction import atomic

from apps.encryption.errors import DecryptionRefused
from tests.encryption.letters import SECRET, again, letter
from tests.encryption.models import Letter, Parcel
from tests.encryption.raw import raw_value

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]


def test_a_row_without_a_primary_key_cannot_be_encrypted():
    with pytest.raises(ValueError, match="primary key"):
        Parcel(body=SECRET).save()


def test_a_row_cannot_be_copied_by_changing_its_key():
    row = again(letter())
    row.pk, row.title, row._state.adding = uuid.uuid4(), "copy", True
    with pytest.raises(DecryptionRefused), atomic():
        row.save()
    row.body = SECRET
    row.save()
    assert again(row).body == SECRET


def test_a_sealed_value_of_another_row_cannot_be_assigned():
    row = letter()
    row.body = Letter.objects.values_list("body", flat=True).get(pk=letter().pk)
    with pytest.raises(DecryptionRefused), atomic():
        row.save()
    assert again(row).body == SECRET


@pytest.mark.parametrize(
    "write",
    [
        lambda rows: rows.update(body="planted"),
        lambda rows: rows.update(body=F("note")),
        lambda rows: rows.update(body=F("title")),
        lambda rows: rows.update(body=Value("planted")),
        lambda rows: rows.bulk_update(list(rows), ["body"]),
        lambda rows: Letter.objects.bulk_create(
            [Letter(title=rows.get().title, body="planted")],
            update_conflicts=True,
            unique_fields=["title"],
            update_fields=["body"],
        ),
    ],
)
def test_writing_past_the_instance_raises_and_writes_nothing(write):
    row = letter(note="note")
    before = raw_value(row, "body")
    with (
        pytest.raises(FieldError, match=r"encryption\.Letter\.body is encrypted") as refusal,
        atomic(),
    ):
        write(Letter.objects.filter(pk=row.pk))
    assert "planted" not in str(refusal.value)
    assert raw_value(row, "body") == before


def test_update_may_erase():
    row = letter(note="to be forgotten")
    Letter.objects.filter(pk=row.pk).update(note=None)
    assert again(row).note is None
    assert raw_value(row, "note") is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("body", b"bytes"),
        ("body", 5),
        ("body", F("title")),
        ("sent_on", "2020-01-01"),
        ("sent_on", datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)),
        ("postage", 1.5),
        ("postage", 1),
        ("postage", "1.50"),
        ("scan", "text"),
        ("scan", bytearray(b"x")),
        ("scan", memoryview(b"x")),
        ("marks", "{}"),
        ("marks", 5),
        ("marks", ("a",)),
    ],
)
def test_a_value_of_another_type_is_refused_on_assignment(field, value):
    with pytest.raises(TypeError, match=f"Letter.{field} takes") as refusal:
        Letter(**{field: value})
    assert str(value) not in str(refusal.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("body", "secret " * 15),
        ("body", "secret \ud800"),
        ("postage", Decimal("123456.78")),
        ("postage", Decimal("0.001")),
        ("postage", Decimal("NaN")),
        ("postage", Decimal("Infinity")),
        ("postage", Decimal("1E+999999")),
        ("scan", b"secret " * 15),
        ("marks", {"secret": "x" * 990}),
        ("marks", {"secret": ["\ud800"]}),
        ("marks", {"secret \udfff": 1}),
        ("marks", {"secret": float("nan")}),
        ("marks", {"secret": float("-inf")}),
        ("marks", {"secret": 2**53}),
        ("marks", {"secret": -(2**53)}),
        ("marks", {"secret": ("a", "tuple")}),
        ("marks", {"secret": {1: "not a name"}}),
        ("marks", {"secret": b"bytes"}),
        ("marks", {"secret": Decimal(1)}),
        ("marks", {"secret": datetime.date(2020, 1, 1)}),
    ],
)
def test_a_value_out_of_bounds_is_refused_before_anything_is_written(field, value):
    row = letter()
    before = raw_value(row, field)
    setattr(row, field, value)
    with pytest.raises(ValidationError) as refusal, atomic():
        row.save()
    assert "secret" not in repr(refusal.value)
    assert refusal.value.params is None
    assert refusal.value.__context__ is None
    assert raw_value(row, field) == before


def test_full_clean_finds_what_saving_would_refuse():
    row = Letter(title="t", body="x" * 101, note="", postage=Decimal("0.001"))
    with pytest.raises(ValidationError) as refusal:
        row.full_clean(exclude=["sent_on", "scan", "marks"])
    assert set(refusal.value.message_dict) == {"body", "note", "postage"}
    Letter(title="t", body="x", note="n", postage=Decimal(1)).full_clean(
        exclude=["sent_on", "scan", "marks"]
    )


def test_cleaning_refuses_another_type_without_showing_it():
    with pytest.raises(ValidationError) as refusal:
        Letter._meta.get_field("sent_on").clean("1941-05-01", None)
    assert "1941" not in repr(refusal.value)
    assert refusal.value.params is None


def test_a_value_that_was_never_given_is_not_stored_as_an_empty_text():
    row = Letter(title="t")
    assert row.body is None
    with pytest.raises(IntegrityError), atomic():
        row.save()
