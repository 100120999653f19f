"""A blind index is equal for equal values of one column, and for nothing else."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.encryption.blind_index import BlindIndex, blind_index, truncated
from apps.encryption.keys import KeyRing, framed
from apps.encryption.normal_forms import NoNormalForm, Normaliser

KEYS = {1: b"\x11" * 32, 2: b"\x22" * 32}
RING = KeyRing(KEYS, active=1)
PHONE = "+15055550123"


def index(ring=RING, table="buyer", column="phone_index", normaliser=Normaliser.PHONE, **bits):
    return blind_index(ring, table, column, normaliser, **bits)


def test_the_layout_is_version_key_id_mac():
    made = index(ring=KeyRing({0x0102: KEYS[1]}, active=0x0102)).of(PHONE)
    assert made[:3] == b"\x02\x01\x02"
    assert len(made) == 3 + 32


def test_the_mac_is_as_documented():
    key = RING.derive("blind-index", "buyer", "phone_index", 1)
    expected = hmac.digest(key, framed(b"e164", PHONE.encode()), "sha256")
    assert index().of("+1 (505) 555-0123") == b"\x02\x00\x01" + expected


def test_every_key_of_the_ring_is_asked_and_the_active_one_writes():
    asked = index().candidates(PHONE)
    assert [one[:3] for one in asked] == [b"\x02\x00\x01", b"\x02\x00\x02"]
    assert index().of(PHONE) == asked[0]
    assert index(ring=KeyRing(KEYS, active=2)).of(PHONE) == asked[1]


def test_another_table_column_key_or_kind_gives_an_index_that_joins_with_nothing():
    kinds = {Normaliser.PHONE: PHONE, Normaliser.NATIONAL_ID: "15055550123"}
    made = [
        index().of(PHONE),
        index(table="offer").of(PHONE),
        index(column="mobile_index").of(PHONE),
        index(ring=KeyRing(KEYS, active=2)).of(PHONE),
        index(normaliser=Normaliser.NATIONAL_ID).of(kinds[Normaliser.NATIONAL_ID]),
    ]
    assert len({one[3:] for one in made}) == len(made)


def test_the_kind_is_bound_even_where_two_forms_are_one_text():
    text = "ana@example.com"
    mac = index(normaliser=Normaliser.EMAIL).of(text)[3:]
    key = RING.derive("blind-index", "buyer", "phone_index", 1)
    assert mac != hmac.digest(key, framed(b"e164", text.encode()), "sha256")


@pytest.mark.parametrize("bits", [8, 9, 12, 15, 16, 17, 128, 255, 256])
def test_a_short_index_is_the_beginning_of_the_long_one(bits):
    short, long = index(bits=bits).of(PHONE)[3:], index().of(PHONE)[3:]
    assert len(short) == -(-bits // 8)
    as_bits = "".join(f"{byte:08b}" for byte in short)
    assert as_bits[:bits] == "".join(f"{byte:08b}" for byte in long)[:bits]
    assert set(as_bits[bits:]) <= {"0"}


@given(st.binary(min_size=32, max_size=32), st.integers(8, 256))
def test_truncation_keeps_just_the_first_bits(mac, bits):
    number = int.from_bytes(mac, "big") >> (256 - bits)
    cut = truncated(mac, bits)
    assert int.from_bytes(cut, "big") >> (len(cut) * 8 - bits) == number


@pytest.mark.parametrize("bits", [0, 7, 257, -8])
def test_an_index_of_no_use_is_not_built(bits):
    with pytest.raises(ValueError, match="it is 8 to 256"):
        BlindIndex(RING, "buyer", "phone_index", Normaliser.PHONE, bits)


def test_a_value_of_another_kind_has_no_index():
    for ask in (index().of, index().candidates):
        with pytest.raises(NoNormalForm) as refusal:
            ask("Rosebud")
        assert "Rosebud" not in str(refusal.value)


def test_it_prints_its_column_alone():
    assert repr(index()) == "buyer.phone_index"
