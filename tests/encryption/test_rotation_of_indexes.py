"""A blind index goes under the active key with its value, and finds it at every moment."""

import pytest

from apps.encryption.blind_index import blind_index
from apps.encryption.keys import KeyRing
from apps.encryption.ring import key_ring
from tests.encryption.models import Contact
from tests.encryption.raw import raw_value, write_raw
from tests.encryption.rotating import key_id, rotate, under_key_1

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]

PHONE = "+1 505 555 0123"


def contact(**values):
    return Contact.objects.create(**{"phone": PHONE} | values)


def index_under_1(row, name, text):
    field = Contact._meta.get_field(name)
    old = KeyRing(key_ring()._keys, 1)
    made = blind_index(old, row._meta.db_table, field.column, field.normaliser, field.bits)
    return made.of(text)


def test_an_index_is_made_anew_with_its_value_and_finds_it(settings):
    row = contact(national_id="123-45-6789", email="ana@example.com")
    other = contact(phone="+1 505 555 0199")
    settings.FIELD_KEY_ACTIVE = 2
    assert list(Contact.objects.filter(phone_index=PHONE)) == [row]

    status, said = rotate("--batch", "1")

    assert status == 0, said
    for column in ("phone_index", "national_id_index", "email_index"):
        assert key_id(row, column) == 2
    assert raw_value(other, "email_index") is None
    assert "encryption_contact.phone_index  key 2: 2" in said
    settings.FIELD_KEYS = {2: settings.FIELD_KEYS[2]}
    assert list(Contact.objects.filter(phone_index="+15055550123")) == [row]
    assert list(Contact.objects.filter(national_id_index="123456789")) == [row]
    assert list(Contact.objects.filter(email_index="ANA@example.com")) == [row]


def test_an_index_that_lags_behind_its_value_is_made_from_it(settings):
    settings.FIELD_KEY_ACTIVE = 2
    row = contact()
    write_raw(row, "phone_index", index_under_1(row, "phone_index", PHONE))
    sealed = raw_value(row, "phone")

    assert rotate()[0] == 0

    assert key_id(row, "phone_index") == 2
    assert raw_value(row, "phone") == sealed
    assert list(Contact.objects.filter(phone_index=PHONE)) == [row]


def test_an_index_whose_value_cannot_be_opened_is_named_and_stays(settings):
    row, good = contact(), contact()
    write_raw(row, "phone", b"x" * 40)
    index = raw_value(row, "phone_index")
    settings.FIELD_KEY_ACTIVE = 2

    status, said = rotate()

    assert status == 1
    assert f"encryption_contact.phone, row {row.pk}: UnknownVersion" in said
    assert f"encryption_contact.phone_index, row {row.pk}: UnknownVersion" in said
    assert raw_value(row, "phone_index") == index
    assert key_id(good, "phone_index") == 2


def test_a_value_without_a_normal_form_keeps_its_index_and_is_named(settings):
    row = contact()
    write_raw(row, "phone", under_key_1(row, "phone", b"no number at all"))
    settings.FIELD_KEY_ACTIVE = 2

    status, said = rotate()

    assert status == 1
    assert f"encryption_contact.phone_index, row {row.pk}: NoNormalForm" in said
    assert "no number" not in said
    assert (key_id(row, "phone"), key_id(row, "phone_index")) == (2, 1)


def test_an_index_that_turns_out_not_to_be_unique_spoils_its_own_row_alone(settings):
    # Two nodes wrote the same value at one moment, each under the key that it took for the active.
    settings.FIELD_KEY_ACTIVE = 2
    first = contact(national_id="123-45-6789")
    second, third = contact(national_id="987-65-4321"), contact(national_id="555-00-1111")
    write_raw(second, "national_id", under_key_1(second, "national_id", b"123-45-6789"))
    twin = index_under_1(second, "national_id_index", "123-45-6789")
    write_raw(second, "national_id_index", twin)
    write_raw(third, "national_id", under_key_1(third, "national_id", b"555-00-1111"))

    status, said = rotate()

    assert status == 1
    assert f"encryption_contact.national_id_index, row {second.pk}: IntegrityError" in said
    assert said.endswith("2 values cannot be sealed anew and stay as they are.")
    assert key_id(third, "national_id") == 2
    assert raw_value(second, "national_id_index") == twin
    assert key_id(first, "national_id") == 2
