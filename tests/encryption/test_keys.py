"""The ring refuses what it cannot hold, derives apart, and prints no key."""

import copy
import hashlib
import hmac
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.encryption.errors import DecryptionRefused, UnknownKey
from apps.encryption.keys import KeyRing, Purpose, framed

KEYS = {1: b"\x11" * 32, 2: b"\x22" * 32}


def derived(purpose="encrypt", table="listing", column="street", key_id=1, keys=KEYS):
    return KeyRing(keys, active=1).derive(purpose, table, column, key_id)


def test_a_derived_key_is_the_one_of_rfc_5869_and_never_changes():
    # Worked out by hand with HMAC-SHA256: extract with a zero salt, then expand one block.
    info = b"".join(
        len(part).to_bytes(4, "big") + part
        for part in (b"gatehouse field keys 1", b"encrypt", b"listing", b"street")
    )
    extracted = hmac.digest(bytes(32), KEYS[1], hashlib.sha256)
    assert derived() == hmac.digest(extracted, info + b"\x01", hashlib.sha256)


def test_purpose_table_column_and_key_each_give_another_key():
    others = {
        derived(),
        derived(purpose="blind-index"),
        derived(purpose="mac"),
        derived(table="offer"),
        derived(column="city"),
        derived(key_id=2),
    }
    assert len(others) == 6
    assert {len(key) for key in others} == {32}


def test_a_boundary_between_table_and_column_cannot_be_moved():
    assert derived(table="ab", column="c") != derived(table="a", column="bc")


@given(st.lists(st.binary(max_size=5)), st.lists(st.binary(max_size=5)))
def test_framing_is_equal_only_for_equal_parts(one, other):
    assert (framed(*one) == framed(*other)) == (one == other)


def test_a_purpose_outside_the_closed_set_is_refused():
    with pytest.raises(ValueError, match="signing"):
        derived(purpose="signing")
    assert [str(purpose) for purpose in Purpose] == ["encrypt", "blind-index", "mac"]


def test_an_unknown_key_id_is_refused_by_its_number():
    with pytest.raises(UnknownKey, match="key 3") as refusal:
        derived(key_id=3)
    assert isinstance(refusal.value, DecryptionRefused)


@pytest.mark.parametrize(
    ("keys", "active", "reason"),
    [
        ({}, 1, "active key 1"),
        ({1: b"\x11" * 32}, 2, "active key 2"),
        ({1: b"\x11" * 31}, 1, "key 1 is not 32 bytes"),
        ({1: "1" * 32}, 1, "key 1 is not 32 bytes"),
        ({0: b"\x11" * 32}, 0, "key id 0"),
        ({65536: b"\x11" * 32}, 65536, "key id 65536"),
        ({True: b"\x11" * 32}, True, "key id True"),
        ({"1": b"\x11" * 32}, "1", "key id '1'"),
        ({1: b"\x11" * 32, 2: b"\x11" * 32}, 1, "are equal"),
    ],
)
def test_a_ring_that_cannot_work_is_not_built(keys, active, reason):
    with pytest.raises(ValueError, match=reason) as refusal:
        KeyRing(keys, active)
    assert "\\x11" not in str(refusal.value)
    assert "1111" not in str(refusal.value)


def test_a_ring_prints_its_ids_alone():
    assert repr(KeyRing(KEYS, active=2)) == "<KeyRing ids=[1, 2] active=2>"


@pytest.mark.parametrize("leave", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_ring_does_not_leave_the_process(leave):
    with pytest.raises(TypeError, match="not pickled"):
        leave(KeyRing(KEYS, active=1))


def test_later_changes_to_the_given_dict_do_not_reach_the_ring():
    keys = dict(KEYS)
    ring = KeyRing(keys, active=1)
    keys[9] = b"\x99" * 32
    with pytest.raises(UnknownKey):
        ring.derive("encrypt", "listing", "street", 9)
