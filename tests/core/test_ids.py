"""UUID version 7 (RFC 9562 section 5.7)."""

import time
import uuid

from apps.core.ids import uuid7


def test_an_id_says_its_version_variant_and_time() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= after


def test_ids_of_later_milliseconds_sort_later() -> None:
    first = uuid7()
    while time.time_ns() // 1_000_000 <= first.int >> 80:
        pass
    assert uuid7() > first


def test_every_bit_that_is_neither_time_nor_version_is_random() -> None:
    free = (1 << 80) - 1 - (0xF << 76) - (0b11 << 62)
    ones, zeros = 0, 0
    for _ in range(200):
        made = uuid7().int
        ones |= made & free
        zeros |= ~made & free
    assert ones == zeros == free
