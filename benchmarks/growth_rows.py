"""Listings by the million on PostgreSQL: COPY, each address sealed for its own row.

Guarantees rows as the service would have written them, so that they read back, the oldest first.
Not through the ORM, which would take an hour: a column that the model has and this file does not
is refused.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from apps.core.ids import uuid7
from apps.core.places import city_key
from apps.encryption.envelope import column_cipher
from apps.encryption.ring import key_ring
from apps.listings.models import Listing
from benchmarks.homes import homes

_AGE = timedelta(days=3 * 365)
_TOLD_EVERY = 5000


def fill(count: int, agencies: Sequence[UUID], advance: Callable[[int], None]) -> None:
    """Add `count` listings, dealt out among the agencies; `advance` is told how many are done."""
    table, columns = Listing._meta.db_table, [f.column for f in Listing._meta.concrete_fields]
    with connection.cursor() as cursor:
        names = ", ".join(f'"{column}"' for column in columns)
        with cursor.cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for number, row in enumerate(rows(count, agencies), 1):
                if row.keys() != set(columns):
                    raise RuntimeError(f"columns differ: {row.keys() ^ set(columns)}")
                copy.write_row([row[column] for column in columns])
                if number % _TOLD_EVERY == 0:
                    advance(_TOLD_EVERY)
        cursor.execute(f'VACUUM ANALYZE "{table}"')
    _refuse_unreadable()


def rows(count: int, agencies: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    """Listings as the table keeps them, by column, oldest first."""
    cipher = column_cipher(key_ring(), Listing._meta.db_table, "street_address")
    started, step = datetime.now(UTC) - _AGE, _AGE / count
    for number, home in enumerate(homes(count)):
        row_id, moment = uuid7(), started + number * step
        address = cipher.seal(row_id.bytes, home.street_address.encode())
        yield home._asdict() | {
            "id": row_id,
            "agency_id": agencies[number % len(agencies)],
            "city_key": city_key(home.city),
            "street_address": address,
            "version": 1,
            "created_at": moment,
            "updated_at": moment,
        }


def _refuse_unreadable() -> None:
    oldest = Listing.objects.earliest("created_at")
    if oldest.street_address != next(homes(1)).street_address:
        raise RuntimeError("a sealed address does not read back")
