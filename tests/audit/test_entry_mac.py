"""The MAC of one entry: nobody without the key makes or changes a row unnoticed."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.audit.entry_mac import FIELDS, canonical, entry_mac, is_authentic
from apps.audit.models import AuditEntry

KEY = bytes(range(32))
ENTRY = {
    "id": "01a20136-f408-73b5-b20c-654a822d93df",
    "at": datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC),
    "verb": "offer.accepted",
    "outcome": "done",
    "reason": "",
    "actor": "user:1",
    "credential": "api_key:2",
    "object_type": "offer",
    "object_id": "3",
    "changes": {"b": 1, "a": [1, 2]},
    "request_id": "a1b2c3d4",
    "address": "198.51.100.7",
    "route": "api/v2/offers",
}


def test_an_entry_is_authentic_under_its_key_alone() -> None:
    mac = entry_mac(KEY, ENTRY)

    assert len(mac) == 32
    assert is_authentic(KEY, ENTRY, mac)
    assert not is_authentic(bytes(32), ENTRY, mac)
    assert not is_authentic(KEY, ENTRY, mac[:-1])


@pytest.mark.parametrize("field", FIELDS)
def test_a_change_of_any_field_is_noticed(field: str) -> None:
    value = ENTRY[field]
    changed = value + timedelta(microseconds=1) if field == "at" else f"{value}x"

    assert not is_authentic(KEY, ENTRY | {field: changed}, entry_mac(KEY, ENTRY))


def test_every_column_but_the_mac_itself_is_covered() -> None:
    assert set(FIELDS) == {field.attname for field in AuditEntry._meta.fields} - {"mac"}


def test_the_bytes_do_not_depend_on_order() -> None:
    same = dict(reversed(ENTRY.items())) | {"changes": {"a": [1, 2], "b": 1}}

    assert canonical(same) == canonical(ENTRY)


def test_text_cannot_move_from_one_field_to_its_neighbour() -> None:
    moved = ENTRY | {"actor": 'user:1","address":"', "address": ""}

    assert canonical(moved) != canonical(ENTRY)
