"""Every spelling of a value has one form; what is no such value has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.encryption.normal_forms import LONGEST, NoNormalForm, Normaliser

PHONE, NATIONAL_ID, EMAIL = Normaliser.PHONE, Normaliser.NATIONAL_ID, Normaliser.EMAIL

SPELLINGS = {
    (PHONE, "+15055550123"): [
        "+15055550123",
        "+1 505 555 0123",
        "+1 (505) 555-0123",
        "+1.505.555.0123",
        "  +1-505-555-0123\n",
        "\u202a+1 505\u00a0555\u20110123\u202c",
        "\uff0b\uff11\uff15\uff10\uff15 555 0123",
    ],
    (PHONE, "+442079460958"): ["+44 20 7946 0958", "+44 (0)20 7946 0958", "+44 ( 0 )20 7946 0958"],
    (NATIONAL_ID, "123456789"): ["123456789", "123-45-6789", "123 45 6789", " 123.456.789 "],
    (NATIONAL_ID, "12345678Z"): ["12345678Z", "12345678-z", "12 345 678 Z"],
    (EMAIL, "ana@example.com"): ["ana@example.com", "Ana@Example.COM", " ANA@example.com"],
    (EMAIL, "strasse@example.com"): ["straße@example.com", "STRASSE@EXAMPLE.COM"],
    (EMAIL, "é@example.com"): ["é@example.com", "e\u0301@example.com", "É@example.com"],
}


@pytest.mark.parametrize(
    ("normaliser", "form", "spelling"),
    [(kind, form, one) for (kind, form), spellings in SPELLINGS.items() for one in spellings],
)
def test_every_spelling_has_one_form(normaliser, form, spelling):
    assert normaliser.of(spelling) == form


def test_different_values_keep_different_forms():
    assert NATIONAL_ID.of("12345678-A") != NATIONAL_ID.of("12345678-Z")
    assert PHONE.of("+15055550123") != PHONE.of("+15055550124")
    assert EMAIL.of("ana.b@example.com") != EMAIL.of("anab@example.com")


@pytest.mark.parametrize(
    ("normaliser", "text"),
    [
        (PHONE, ""),
        (PHONE, "5055550123"),
        (PHONE, "0015055550123"),
        (PHONE, "+05055550123"),
        (PHONE, "+123456"),
        (PHONE, "+1234567890123456"),
        (PHONE, "+1505555012x"),
        (PHONE, "+1505555012\u0663"),
        (NATIONAL_ID, ""),
        (NATIONAL_ID, "1"),
        (NATIONAL_ID, "12345678ı"),
        (NATIONAL_ID, "1" * 33),
        (NATIONAL_ID, "123_45"),
        (EMAIL, "ana"),
        (EMAIL, "@example.com"),
        (EMAIL, "a@b@c"),
        (EMAIL, "a b@c"),
        (EMAIL, "a@" + "b" * LONGEST),
    ],
)
def test_what_is_no_such_value_is_refused_without_showing_it(normaliser, text):
    with pytest.raises(NoNormalForm) as refusal:
        normaliser.of(text)
    assert str(refusal.value) == f"not a value of the kind {normaliser.value}"


@pytest.mark.parametrize("normaliser", Normaliser)
@given(text=st.text(max_size=60) | st.from_regex(r"\+?[0-9 ()-]{5,20}") | st.emails())
def test_any_text_has_a_form_that_is_its_own_or_is_refused(normaliser, text):
    try:
        form = normaliser.of(text)
    except NoNormalForm:
        return
    assert normaliser.of(form) == form


@given(st.from_regex(r"^[0-9A-Za-z][0-9A-Za-z -]{2,30}[0-9A-Za-z]$", fullmatch=True))
def test_every_national_id_that_the_service_takes_has_a_form(text):
    assert NATIONAL_ID.of(text).isalnum()


def test_the_kinds_are_a_closed_set():
    assert [kind.value for kind in Normaliser] == ["e164", "national-id", "email"]
