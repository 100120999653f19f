"""A blind index is written with its value, found by any spelling, and asked nothing else."""

import uuid

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models
from django.db.migrations.writer import MigrationWriter
from django.db.models import F, OuterRef, Value
from django.db.models.functions import Lower
from django.db.transaction import atomic
from django.test.utils import CaptureQueriesContext, isolate_apps

from apps.encryption.blind_index_field import BlindIndexField
from apps.encryption.fields import EncryptedDateField, EncryptedTextField
from apps.encryption.normal_forms import NoNormalForm, Normaliser
from apps.encryption.sealed import Blinded
from tests.encryption.letters import again
from tests.encryption.models import Contact
from tests.encryption.raw import raw_value

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]

PHONE = "+15055550123"


def contact(**values):
    return Contact.objects.create(**{"phone": PHONE} | values)


def found(**asked):
    return set(Contact.objects.filter(**asked))


@pytest.mark.parametrize("asked", [PHONE, "+1 505 555 0123", "+1 (505) 555-0123"])
def test_a_value_is_found_by_any_spelling(asked):
    row, _ = contact(phone="+1 505-555-0123"), contact(phone="+15055550124")
    assert found(phone_index=asked) == {row}
    assert row.phone == "+1 505-555-0123"


def test_an_absent_value_has_no_index():
    row = contact()
    assert raw_value(row, "email_index") is None
    assert row in found(email_index__isnull=True)
    assert found(email_index__isnull=False) == set()


def test_rows_of_every_key_are_found(settings):
    old = contact()
    settings.FIELD_KEY_ACTIVE = 2
    new = contact()
    assert raw_value(old, "phone_index")[:3] == b"\x02\x00\x01"
    assert raw_value(new, "phone_index")[:3] == b"\x02\x00\x02"
    assert found(phone_index=PHONE) == {old, new}


def test_saving_again_brings_the_index_to_the_active_key(settings):
    row = contact()
    settings.FIELD_KEY_ACTIVE = 2
    again(row).save()
    assert raw_value(row, "phone_index")[:3] == b"\x02\x00\x02"
    assert found(phone_index=PHONE) == {row}


def test_a_changed_value_is_found_and_the_old_one_is_not():
    row = contact()
    row.phone = "+15055550199"
    row.save()
    assert found(phone_index="+15055550199") == {row}
    assert found(phone_index=PHONE) == set()
    row = again(row)
    row.phone = PHONE
    row.save(update_fields=["phone", "phone_index"])
    assert found(phone_index=PHONE) == {row}


def test_bulk_create_writes_the_indexes():
    rows = [Contact(phone=f"+1505555010{n}") for n in range(3)]
    Contact.objects.bulk_create(rows)
    assert found(phone_index="+1 505 555 0102") == {rows[2]}


def test_what_is_assigned_to_the_index_is_not_written():
    other = contact(phone="+15055550199")
    row = Contact(phone=PHONE, phone_index=b"planted")
    row.save()
    assert found(phone_index=PHONE) == {row}
    row.phone_index = other.phone_index
    row.save()
    assert found(phone_index="+15055550199") == {other}


@pytest.mark.parametrize(
    "write",
    [
        lambda row: row.save(update_fields=["phone"]),
        lambda row: row.save(update_fields=["phone_index"]),
        lambda row: Contact.objects.filter(pk=row.pk).update(email=None),
        lambda row: Contact.objects.filter(pk=row.pk).update(email_index=None),
        lambda row: Contact.objects.filter(pk=row.pk).update(phone_index=PHONE),
        lambda row: Contact.objects.filter(pk=row.pk).update(phone_index=b"planted"),
        lambda row: Contact.objects.filter(pk=row.pk).update(phone_index=F("email_index")),
        lambda row: Contact.objects.filter(pk=row.pk).update(phone_index=Value("planted")),
        lambda row: Contact.objects.bulk_update([row], ["phone_index"]),
        lambda row: Contact.objects.bulk_update([row], ["phone", "phone_index"]),
        lambda row: Contact.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["id"], update_fields=["phone_index"]
        ),
        lambda row: Contact.objects.defer("phone").get(pk=row.pk).save(),
    ],
)
def test_neither_the_value_nor_its_index_is_written_alone(write):
    row = contact(email="ana@example.com")
    before = [raw_value(row, name) for name in ("phone", "phone_index", "email", "email_index")]
    row.phone = "+15055550199"
    with pytest.raises(FieldError), atomic():
        write(row)
    assert before == [
        raw_value(row, name) for name in ("phone", "phone_index", "email", "email_index")
    ]


def test_update_may_erase_both():
    row = contact(email="ana@example.com")
    Contact.objects.filter(pk=row.pk).update(email=None, email_index=None)
    assert found(email_index="ana@example.com") == set()
    assert again(row).email is None


@pytest.mark.parametrize(
    "asked",
    [
        {"phone_index": F("email_index")},
        {"phone_index": OuterRef("phone_index")},
        {"phone_index": Value(PHONE)},
        {"phone_index": Contact.objects.values("email_index")[:1]},
        {"phone_index": b"bytes"},
        {"phone_index": None},
        {"phone_index": 5},
        {"phone_index__in": [PHONE]},
        {"phone_index__gt": PHONE},
        {"phone_index__startswith": "+1505"},
        {"phone_index__contains": "505"},
        {"phone_index__length": 35},
        {"phone": PHONE},
    ],
)
def test_an_index_is_compared_with_a_text_and_nothing_else(asked):
    with pytest.raises(FieldError) as refusal:
        list(Contact.objects.filter(**asked))
    assert PHONE not in str(refusal.value)


def test_the_same_value_in_another_column_joins_with_nothing():
    contact(phone="+15055550123", national_id="15055550123")
    row = Contact.objects.get()
    held = {raw_value(row, "phone_index")[3:], raw_value(row, "national_id_index")[3:]}
    assert len(held) == 2


def test_a_look_up_for_what_no_value_could_be_raises_and_shows_nothing():
    with pytest.raises(NoNormalForm) as refusal:
        found(phone_index="Rosebud")
    assert "Rosebud" not in str(refusal.value)


def test_a_value_without_a_normal_form_is_not_written():
    with pytest.raises(ValidationError) as refusal, atomic():
        contact(phone="Rosebud")
    assert "Rosebud" not in repr(refusal.value)
    assert refusal.value.__context__ is None
    assert not Contact.objects.exists()


def test_no_plaintext_reaches_the_database():
    with CaptureQueriesContext(connection) as queries:
        contact(email="rosebud@example.com", national_id="987-65-4321")
        found(phone_index=PHONE)
        found(email_index="rosebud@example.com")
        found(national_id_index="987-65-4321")
    logged = str(queries.captured_queries)
    for planted in (PHONE, "rosebud", "987-65-4321", "987654321"):
        assert planted not in logged
        assert planted.encode().hex() not in logged.lower()


def test_a_short_index_finds_others_by_chance_and_the_value_itself_always():
    rows = [contact(email=f"person{n}@example.com") for n in range(300)]
    for n in range(0, 300, 50):
        assert rows[n] in found(email_index=f"Person{n}@example.com")
    # 12 bits: among 300 values, some pair shares an index but for one chance in 59,000.
    assert len({raw_value(row, "email_index") for row in rows}) < 300


def test_a_unique_value_is_held_once():
    contact(national_id="123-45-6789")
    with pytest.raises(IntegrityError), atomic():
        contact(national_id="123 45 6789")
    assert contact(national_id="123 45 6780").pk
    assert contact().national_id is None


def test_a_unique_value_is_held_once_while_rows_of_an_older_key_are_left(settings):
    row = contact(national_id="123-45-6789")
    settings.FIELD_KEY_ACTIVE = 2
    with pytest.raises(IntegrityError) as refusal, atomic():
        contact(national_id="123456789")
    assert "6789" not in str(refusal.value)
    again(row).save()


def test_the_constraint_itself_stands_in_the_database():
    # Without the look-up before it: two writers at one moment see no row of each other.
    made = [Contact(phone=PHONE, national_id="123-45-6789") for _ in range(2)]
    with pytest.raises(IntegrityError), atomic():
        Contact.objects.bulk_create(made)


def test_full_clean_accepts_a_row_before_and_after_it_is_saved():
    again(contact(national_id="123-45-6789")).full_clean(exclude=["email", "body"])
    Contact(phone=PHONE).full_clean(exclude=["national_id", "email", "body"])


def test_half_a_surrogate_pair_is_no_address():
    with pytest.raises(NoNormalForm):
        Contact.objects.filter(email_index="\ud800@example.com").exists()


def test_an_index_shows_nothing_of_itself():
    row = again(contact())
    assert type(row.__dict__["phone_index"]) is Blinded
    assert repr(row.phone_index) == f"{row.phone_index}" == "<Blinded>"
    assert repr(Contact.objects.values_list("phone_index", flat=True)[0]) == "<Blinded>"
    with pytest.raises(FieldError, match="not dumped"):
        serializers.serialize("json", [row], fields=["phone_index"])


def declared(index, meta=(), **values):
    with isolate_apps("apps.encryption"):
        model = type(
            "Declared",
            (models.Model,),
            {
                "__module__": __name__,
                "Meta": type("Meta", (), {"app_label": "encryption", **dict(meta)}),
                "id": models.UUIDField(primary_key=True, default=uuid.uuid4),
                "index": index,
                **({"phone": EncryptedTextField(max_length=16)} | values),
            },
        )
        return [error.id for error in model._meta.get_field("index").check(databases=["default"])]


def test_a_plain_declaration_is_accepted():
    assert declared(BlindIndexField("phone", Normaliser.PHONE)) == []
    assert declared(BlindIndexField("phone", Normaliser.PHONE, unique=True, bits=128)) == []
    assert declared(BlindIndexField("phone", Normaliser.PHONE, bits=8, null=True)) == []


@pytest.mark.parametrize(
    ("options", "values", "error"),
    [
        ({}, {"phone": models.CharField(max_length=9)}, "E009"),
        ({}, {"phone": EncryptedDateField()}, "E009"),
        ({"value_field": "fax"}, {}, "E009"),
        ({}, {"phone": EncryptedTextField(max_length=9, null=True)}, "E010"),
        ({"unique": True, "bits": 127}, {}, "E011"),
        ({"bits": 7}, {}, "E012"),
        ({"bits": 257}, {}, "E012"),
        ({"default": b""}, {}, "E013"),
    ],
)
def test_a_contradictory_declaration_is_an_error(options, values, error):
    options = {"value_field": "phone", "normaliser": Normaliser.PHONE} | options
    assert declared(BlindIndexField(**options), **values) == [f"encryption.{error}"]


@pytest.mark.parametrize(
    "meta",
    [
        {"unique_together": [("id", "index")]},
        {"constraints": [models.UniqueConstraint(fields=["id", "index"], name="u")]},
        {"constraints": [models.UniqueConstraint(F("id"), Lower("index"), name="u")]},
    ],
)
def test_a_unique_constraint_of_the_model_would_hold_for_one_key_alone(meta):
    index = BlindIndexField("phone", Normaliser.PHONE)
    assert declared(index, meta=meta) == ["encryption.E015"]
    searched = {"indexes": [models.Index(fields=["id", "index"], name="i")]}
    assert declared(BlindIndexField("phone", Normaliser.PHONE), meta=searched) == []


def test_a_migration_names_the_field_and_all_its_options():
    field = BlindIndexField("phone", Normaliser.PHONE, bits=64, null=True)
    _, path, arguments, keywords = field.deconstruct()
    assert path == "apps.encryption.blind_index_field.BlindIndexField"
    assert (arguments, keywords) == (["phone", Normaliser.PHONE], {"bits": 64, "null": True})
    assert type(field)(*arguments, **keywords).deconstruct() == field.deconstruct()
    assert MigrationWriter.serialize(field)[0].startswith(path)


def test_the_column_is_searched_by_an_index():
    assert Contact._meta.get_field("phone_index").db_index
    assert Contact._meta.get_field("national_id_index").unique
