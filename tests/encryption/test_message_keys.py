"""No message key seals more than its bound, whoever seals: threads, children, later processes."""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.encryption import envelope
from apps.encryption.envelope import ColumnCipher
from apps.encryption.errors import DecryptionRefused
from apps.encryption.keys import KeyRing

RING = KeyRing({1: b"\x11" * 32}, active=1)
ROW = bytes(16)
#: NIST SP 800-38D, 8.3: with random nonces of 96 bits, one key takes no more.
ALLOWED = 2**32


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(envelope, "MESSAGES", 12)
    monkeypatch.setattr(envelope, "DRAWN", 4)


def cipher(ring=RING):
    return ColumnCipher(ring, "listing", "street")


def selector(sealed):
    return sealed[3:11]


def test_the_bound_leaves_room_for_a_selector_that_is_drawn_again():
    assert envelope.MESSAGES * 4096 <= ALLOWED
    assert envelope.MESSAGES % envelope.DRAWN == 0


@pytest.mark.usefixtures("small")
def test_a_message_key_seals_no_more_than_its_bound():
    ours = cipher()
    sealed = [ours.seal(ROW, b"x") for _ in range(50)]
    counted = Counter(map(selector, sealed))
    assert sorted(counted.values()) == [2, 12, 12, 12, 12]
    assert all(cipher().unseal(ROW, one) == b"x" for one in sealed)


@pytest.mark.usefixtures("small")
def test_threads_share_the_bound_and_never_a_nonce():
    ours = cipher()
    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(lambda _: ours.seal(ROW, b"x"), range(4000)))
    assert max(Counter(map(selector, sealed)).values()) <= 12
    assert len({one[3:23] for one in sealed}) == 4000


def test_every_cipher_seals_with_a_key_of_its_own():
    # A process that starts again, or another one: what was counted elsewhere does not matter.
    sealed = [cipher().seal(ROW, b"x") for _ in range(20)]
    assert len(set(map(selector, sealed))) == 20


def test_the_bound_is_of_the_key_and_not_of_the_column_or_the_ring():
    ring = KeyRing({1: b"\x11" * 32, 2: b"\x22" * 32}, active=2)
    sealed = [cipher(), ColumnCipher(RING, "listing", "city"), cipher(ring)]
    assert len({selector(one.seal(ROW, b"x")) for one in sealed}) == 3


def test_a_child_uses_neither_the_key_nor_the_nonces_of_its_parent():
    ours = cipher()
    before = ours.seal(ROW, b"x")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, ours.seal(ROW, b"x"))
        os._exit(0)
    os.waitpid(child, 0)
    in_child, after = os.read(read, 1000), ours.seal(ROW, b"x")
    assert selector(in_child) != selector(before) == selector(after)
    assert in_child[11:23] != after[11:23]
    assert ours.unseal(ROW, in_child) == b"x"


@given(st.binary(min_size=8, max_size=8))
def test_a_selector_that_was_made_up_opens_nothing(made_up):
    ours = cipher()
    sealed = ours.seal(ROW, b"x")
    if made_up == selector(sealed):
        return
    with pytest.raises(DecryptionRefused):
        ours.unseal(ROW, sealed[:3] + made_up + sealed[11:])


def test_made_up_selectors_do_not_fill_the_memory():
    ours = cipher()
    sealed = ours.seal(ROW, b"x")
    for number in range(3000):
        with pytest.raises(DecryptionRefused):
            ours.unseal(ROW, sealed[:3] + number.to_bytes(8, "big") + sealed[11:])
    assert len(ours._openings) <= 1024
    assert ours.unseal(ROW, sealed) == b"x"
