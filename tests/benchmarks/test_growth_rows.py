"""Rows made without the ORM are the rows that the ORM would have made."""

from datetime import UTC, datetime

from apps.core.ids import uuid7
from apps.encryption.envelope import column_cipher
from apps.encryption.ring import key_ring
from apps.listings.models import Listing
from benchmarks.growth_rows import rows
from benchmarks.homes import homes


def test_a_row_has_every_column_of_the_model_and_no_other():
    (row,) = rows(1, [uuid7()])
    assert row.keys() == {field.column for field in Listing._meta.concrete_fields}


def test_an_address_is_sealed_for_its_own_row():
    made = list(rows(3, [uuid7()]))
    for row, home in zip(made, homes(3), strict=True):
        cipher = column_cipher(key_ring(), Listing._meta.db_table, "street_address")
        opened = cipher.unseal(row["id"].bytes, row["street_address"])
        assert opened.decode() == home.street_address


def test_listings_are_made_oldest_first_and_none_in_the_future():
    moments = [row["created_at"] for row in rows(50, [uuid7()])]
    assert moments == sorted(moments)
    assert moments[-1] < datetime.now(UTC)


def test_the_agencies_share_the_market():
    agencies = [uuid7() for _ in range(4)]
    assert {row["agency_id"] for row in rows(8, agencies)} == set(agencies)
