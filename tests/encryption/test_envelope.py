"""An envelope opens unaltered and in its own place, or raises."""

import hmac

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from apps.encryption import errors
from apps.encryption.envelope import column_cipher
from apps.encryption.keys import KeyRing

KEYS = {1: b"\x11" * 32, 2: b"\x22" * 32}
RING = KeyRing(KEYS, active=1)
ROW = bytes(range(16))


def sealed(plaintext=b"12 Elm Street", ring=RING, table="listing", column="street", row_id=ROW):
    return column_cipher(ring, table, column).seal(row_id, plaintext)


def opened(envelope, ring=RING, table="listing", column="street", row_id=ROW):
    return column_cipher(ring, table, column).unseal(row_id, envelope)


@given(st.binary(max_size=300), st.binary(max_size=40), st.text(max_size=9), st.text(max_size=9))
def test_what_goes_in_comes_out(plaintext, row_id, table, column):
    place = {"row_id": row_id, "table": table, "column": column}
    assert opened(sealed(plaintext, **place), **place) == plaintext


def test_the_layout_is_version_key_id_nonce_ciphertext_tag():
    envelope = sealed(b"abc", ring=KeyRing({0x0102: KEYS[1]}, active=0x0102))
    assert envelope[:3] == b"\x02\x01\x02"
    assert len(envelope) == 1 + 2 + 20 + 3 + 16


def test_key_and_associated_data_are_as_documented():
    # Opened with the bare cipher: what other programs would have to do.
    envelope = sealed(b"abc")
    column_key = RING.derive("encrypt", "listing", "street", 1)
    message_key = hmac.digest(column_key, envelope[3:11] + b"\x01", "sha256")  # RFC 5869, 2.3
    bound = envelope[:11] + b"\0\0\0\x07listing\0\0\0\x06street" + ROW
    assert AESGCM(message_key).decrypt(envelope[11:23], envelope[23:], bound) == b"abc"


def test_sealing_twice_gives_unequal_envelopes():
    envelopes = {sealed(b"same") for _ in range(100)}
    assert len({envelope[11:23] for envelope in envelopes}) == 100
    assert len({envelope[23:] for envelope in envelopes}) == 100


@given(st.binary(min_size=8, max_size=40))
def test_the_plaintext_is_not_in_the_envelope(plaintext):
    assert plaintext not in sealed(plaintext)


@given(st.binary(max_size=40), st.integers(1, 255))
def test_every_flipped_byte_is_refused(plaintext, flip):
    envelope = sealed(plaintext)
    for position in range(len(envelope)):
        altered = bytearray(envelope)
        altered[position] ^= flip
        with pytest.raises(errors.DecryptionRefused):
            opened(bytes(altered))


@given(st.binary(max_size=40))
def test_every_truncation_and_extension_is_refused(plaintext):
    envelope = sealed(plaintext)
    for length in range(len(envelope)):
        with pytest.raises(errors.DecryptionRefused):
            opened(envelope[:length])
    with pytest.raises(errors.NotAuthentic):
        opened(envelope + b"\0")


@given(st.binary(max_size=80))
def test_bytes_that_were_never_sealed_are_refused(debris):
    with pytest.raises(errors.DecryptionRefused):
        opened(debris)


@pytest.mark.parametrize(
    "moved", [{"row_id": bytes(16)}, {"column": "note"}, {"table": "offer"}, {"row_id": ROW[:15]}]
)
def test_an_envelope_moved_to_another_place_is_refused(moved):
    with pytest.raises(errors.NotAuthentic):
        opened(sealed(), **moved)


def test_the_row_is_bound_even_where_table_and_column_share_a_key():
    with pytest.raises(errors.NotAuthentic):
        opened(sealed(row_id=b"1"), row_id=b"11")


@pytest.mark.parametrize("version", [0, 1, 3, 255])
def test_another_version_is_named(version):
    with pytest.raises(errors.UnknownVersion, match=f"version {version} is not 2"):
        opened(bytes([version]) + sealed()[1:])


@given(st.integers(0, 255))
def test_every_version_byte_but_ours_is_unknown(version):
    expected = errors.NotAuthentic if version == 2 else errors.UnknownVersion
    with pytest.raises(expected):
        opened(bytes([version]) + sealed()[1:-1] + b"\0")


@given(st.integers(0, 65535))
def test_every_key_id_that_the_ring_does_not_hold_is_unknown(key_id):
    envelope = sealed()
    altered = envelope[:1] + key_id.to_bytes(2, "big") + envelope[3:]
    if altered == envelope:
        assert opened(altered)
        return
    with pytest.raises(errors.NotAuthentic if key_id == 2 else errors.UnknownKey):
        opened(altered)


@given(st.binary(max_size=40), st.integers(1, 16))
def test_a_truncated_tag_is_refused(plaintext, missing):
    with pytest.raises((errors.NotAuthentic, errors.MalformedEnvelope)):
        opened(sealed(plaintext)[:-missing])


@given(st.binary(max_size=60), st.binary(max_size=200))
def test_whatever_stands_behind_a_true_beginning_is_refused(plaintext, debris):
    # With a selector that is known already, so that nothing but the cipher is asked.
    envelope = sealed(plaintext)
    assert opened(envelope) == plaintext
    with pytest.raises(errors.DecryptionRefused):
        opened(envelope[:11] + debris)


def test_a_key_that_left_the_ring_is_named():
    old = KeyRing(KEYS, active=2)
    with pytest.raises(errors.UnknownKey, match="key 2"):
        opened(sealed(ring=old), ring=KeyRing({1: KEYS[1]}, active=1))


def test_a_decrypt_only_key_still_opens_and_the_active_one_seals():
    after_rotation = KeyRing(KEYS, active=2)
    assert opened(sealed(b"old"), ring=after_rotation) == b"old"
    assert sealed(ring=after_rotation)[:3] == b"\x02\x00\x02"


def test_the_key_id_cannot_be_rewritten_to_another_key_of_the_ring():
    with pytest.raises(errors.NotAuthentic):
        opened(b"\x02\x00\x02" + sealed()[3:])


def test_another_key_under_the_same_id_does_not_open():
    with pytest.raises(errors.NotAuthentic):
        opened(sealed(), ring=KeyRing({1: b"\x33" * 32}, active=1))


@pytest.mark.parametrize("stored", [None, "12 Elm Street", 5, bytearray(40), b""])
def test_what_is_not_bytes_or_too_short_is_malformed(stored):
    with pytest.raises(errors.MalformedEnvelope):
        opened(stored)


def test_a_refusal_names_the_column_and_shows_nothing_else():
    envelope = sealed(b"12 Elm Street")
    with pytest.raises(errors.NotAuthentic) as refusal:
        opened(envelope[:-1] + bytes([envelope[-1] ^ 1]))
    assert str(refusal.value).startswith("listing.street: ")
    assert "Elm" not in str(refusal.value)
    assert envelope[3:].hex() not in repr(refusal.value.args)
