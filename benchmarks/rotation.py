"""What a rotation costs: `python -m benchmarks.rotation [--rows 20000] [--rounds 3] [--sqlite]`.

Every value of a table is sealed anew, under one key and then under the other, in turns with the
cipher alone on the same envelopes in memory, and with what a script would do: open, assign and
save row by row. Two tables: listings with one encrypted column, and buyers' profiles with five and
two blind indexes. On PostgreSQL in a database of its own (BENCH_DATABASE_URL), or on SQLite in a
temporary file. Also how long it takes to ask which keys stand in the table.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from benchmarks.databases import fresh_database
from benchmarks.homes import homes
from benchmarks.ours.environment import environment
from config.generate_env import fresh_key


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rotation", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--by-row", type=int, default=1_000, help="rows of those done singly")
    parser.add_argument("--batch", type=int, default=1_000)
    parser.add_argument("--sqlite", action="store_true")
    options = parser.parse_args()
    with _database(options.sqlite) as url:
        os.environ.update(environment("config.settings", url, "redis://127.0.0.1:6379/9", 1))
        os.environ["FIELD_KEYS"] = f"1:{fresh_key()},2:{fresh_key()}"
        os.environ["LOG_LEVEL"] = "WARNING"
        if options.sqlite:
            os.environ["APP_ENV"] = "development"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for fill in (_listings, _profiles):
            table = _table(fill(options.rows))
            _measure(table, options)


@contextmanager
def _database(sqlite: bool) -> Iterator[str]:
    if not sqlite:
        with fresh_database("rotation") as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as directory:
        yield f"sqlite:///{directory}/db.sqlite3"


def _listings(count: int) -> Any:
    from apps.agencies.models import Agency
    from apps.listings.models import Listing

    agency = Agency.objects.create(name="Rotation")
    rows = (Listing(agency=agency, **home._asdict()) for home in homes(count))
    Listing.objects.bulk_create(rows, batch_size=2_000)
    return Listing


def _profiles(count: int) -> Any:
    from datetime import date
    from decimal import Decimal

    from apps.accounts.models import User
    from apps.buyers.models import BuyerProfile

    users = User.objects.bulk_create(
        (User(email=f"{number}@example.com") for number in range(count)), batch_size=2_000
    )
    rows = (
        BuyerProfile(
            user=user,
            legal_name=f"Ana María O'Neil {number}",
            phone=f"+1505{5550000 + number:07}",
            national_id=f"{number:09}",
            date_of_birth=date(1984, 2, 29),
            annual_income=Decimal(85_000),
        )
        for number, user in enumerate(users)
    )
    BuyerProfile.objects.bulk_create(rows, batch_size=2_000)
    return BuyerProfile


def _table(model: Any) -> Any:
    from apps.encryption.stored import sealed_tables

    return next(table for table in sealed_tables() if table.model is model)


def _measure(table: Any, options: argparse.Namespace) -> None:
    from django.db import connection

    from apps.encryption.keys import KeyRing
    from apps.encryption.resealing import Resealing
    from apps.encryption.ring import key_ring

    rows, keys = table.rows.count(), key_ring()._keys
    fields = f"{len(table.values)} values and {len(table.indexes)} indexes a row"
    _say(f"\n{connection.vendor}, {table.name}: {rows:,} rows, {fields}")
    rates: dict[str, list[float]] = {"rotation": [], "cipher": [], "by row": []}
    active = max(key_id for (_, key_id), _ in _counted(table))
    for _ in range(options.rounds):
        active = 3 - active
        ring = KeyRing(keys, active)
        rates["cipher"].append(_cipher_alone(table, ring))
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # as autovacuum does between two rotations
        stale = table.not_under({active}).count()
        left: list[Any] = []
        walk = Resealing(table, ring, options.batch, left.append)
        rates["rotation"].append(stale / _timed(lambda walk=walk: sum(walk.write())))
        if left:
            sys.exit(str(left[0]))
        rates["by row"].append(_row_by_row(table, 3 - active, min(options.by_row, rows)))
    for what, found in rates.items():
        _say(f"  {what:9} {median(found):>9,.0f} rows/s ({min(found):,.0f} to {max(found):,.0f})")
    against = [a / b for a, b in zip(rates["rotation"], rates["cipher"], strict=True)]
    faster = [a / b for a, b in zip(rates["rotation"], rates["by row"], strict=True)]
    _say(f"  {median(against):.2f} of the cipher alone; {median(faster):.1f} times row by row")
    _say(f"  which keys stand there: {_timed(lambda: dict(_counted(table))) * 1000:.0f} ms")
    ring = KeyRing(keys, active)
    asked = _timed(lambda: table.not_under(ring.ids).exists()) * 1000
    _say(f"  whether all of them are in the ring: {asked:.0f} ms")


def _counted(table: Any) -> Iterator[Any]:
    return (((column, key_id), count) for column, key_id, count in table.counted())


def _cipher_alone(table: Any, ring: Any) -> float:
    """Rows a second of opening and sealing every value, and nothing else."""
    from apps.encryption.envelope import column_cipher
    from apps.encryption.row_id import pk_bytes

    pk = table.model._meta.pk
    ciphers = [column_cipher(ring, table.name, field.column) for field in table.values]
    names = [field.attname for field in table.values]
    rows = [
        (pk_bytes(pk, key), [one.envelope for one in held])
        for key, *held in table.rows.values_list("pk", *names)[:20_000]
    ]

    def work() -> None:
        for row_id, envelopes in rows:
            for cipher, envelope in zip(ciphers, envelopes, strict=True):
                cipher.seal(row_id, cipher.unseal(row_id, envelope))

    return len(rows) / _timed(work)


def _row_by_row(table: Any, active: int, count: int) -> float:
    """Rows a second of what a script would do with the fields as they are."""
    from django.conf import settings

    from apps.encryption.ring import key_ring

    settings.FIELD_KEY_ACTIVE = active
    key_ring.cache_clear()
    names = [field.name for field in table.fields]
    keys = list(table.rows.values_list("pk", flat=True)[:count])

    def work() -> None:
        for key in keys:
            row = table.rows.get(pk=key)
            for field in table.values:
                setattr(row, field.attname, getattr(row, field.attname))
            row.save(update_fields=names)

    return len(keys) / _timed(work)


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
