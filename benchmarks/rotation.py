"""What a rotation costs: `python -m benchmarks.rotation [--rows 20000] [--rounds 3] [--sqlite]`.

Every value of a table is sealed anew, under one key and then under the other, by one process and by
two at once, in turns with the parts that no rotation in place can do without: the cryptography
alone (every value opened and sealed, every blind index made) on the same rows in memory, and the
database alone, told to write every one of those columns as it is (`UPDATE … SET c = c`). Also with
what a script would do: open, assign and save row by row. Two tables: listings with one encrypted
column, and buyers' profiles with five and two blind indexes. On PostgreSQL in a database of its own
(BENCH_DATABASE_URL), or on SQLite in a temporary file. Also how long it takes to ask which keys
stand in the table.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from statistics import median
from typing import Any

from benchmarks.databases import fresh_database
from benchmarks.homes import homes
from benchmarks.ours.environment import environment
from config.generate_env import fresh_key

RATES = ("rotation", "two at once", "cryptography", "database", "row by row")


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
    from apps.encryption.ring import key_ring

    rows, keys = table.rows.count(), key_ring()._keys
    fields = f"{len(table.values)} values and {len(table.indexes)} indexes a row"
    _say(f"\n{connection.vendor}, {table.name}: {rows:,} rows, {fields}")
    rates: dict[str, list[float]] = {name: [] for name in RATES}
    ring = KeyRing(keys, max(key_id for (_, key_id), _ in _counted(table)))
    for _ in range(options.rounds):
        rates["cryptography"].append(_cryptography_alone(table, ring))
        _tidy()
        rates["database"].append(rows / _timed(lambda: _written_as_it_is(table)))
        for name, processes in (("rotation", 1), ("two at once", 2)):
            ring = KeyRing(keys, 3 - ring.active)
            _tidy()
            work = partial(_rotated, table, ring, options.batch, processes)
            rates[name].append(rows / _timed(work))
            if table.not_under({ring.active}).exists():
                sys.exit(f"{name}: not every value is under the active key")
        rates["row by row"].append(_row_by_row(table, 3 - ring.active, options.by_row))
        _walk(table, ring, options.batch)
    rates["least"] = [
        1 / (1 / a + 1 / b) for a, b in zip(rates["cryptography"], rates["database"], strict=True)
    ]
    for what, found in rates.items():
        _say(f"  {what:12} {median(found):>9,.0f} rows/s ({min(found):,.0f} to {max(found):,.0f})")
    for other in ("least", "cryptography", "row by row"):
        times = [a / b for a, b in zip(rates["rotation"], rates[other], strict=True)]
        _say(f"  rotation / {other:12} {median(times):>6.2f}")
    _say(f"  which keys stand there: {_timed(lambda: dict(_counted(table))) * 1000:.0f} ms")
    asked = _timed(lambda: table.not_under(ring.ids).exists()) * 1000
    _say(f"  whether all of them are in the ring: {asked:.0f} ms")


def _counted(table: Any) -> Iterator[Any]:
    return (((column, key_id), count) for column, key_id, count in table.counted())


def _tidy() -> None:
    """What autovacuum does between two rotations."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _written_as_it_is(table: Any) -> None:
    from django.db import connection

    columns = ", ".join(f"{field.column} = {field.column}" for field in table.fields)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table.name} SET {columns}")  # noqa: S608 (our own names)


def _rotated(table: Any, ring: Any, batch: int, processes: int) -> None:
    from django.db import connection

    if processes == 1:
        _walk(table, ring, batch)
        return
    connection.close()  # no two processes share one
    children = [
        get_context("fork").Process(target=_walk, args=(table, ring, batch))
        for _ in range(processes)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
        if child.exitcode:
            sys.exit(child.exitcode)


def _walk(table: Any, ring: Any, batch: int) -> None:
    from apps.encryption.resealing import Resealing

    for _ in Resealing(table, ring, batch, _fail).write():
        pass


def _fail(value: Any) -> None:
    sys.exit(str(value))


def _cryptography_alone(table: Any, ring: Any) -> float:
    """Rows a second of opening and sealing every value and making every index; nothing else."""
    from apps.encryption.blind_index import blind_index
    from apps.encryption.envelope import column_cipher
    from apps.encryption.row_id import pk_bytes

    pk = table.model._meta.pk
    ciphers = [column_cipher(ring, table.name, field.column) for field in table.values]
    names = [field.attname for field in table.values]
    indexes = [
        (blind_index(ring, table.name, f.column, f.normaliser, f.bits), names.index(f.value_field))
        for f in table.indexes
    ]
    rows = [
        (pk_bytes(pk, key), [one.envelope for one in held])
        for key, *held in table.rows.values_list("pk", *names)[:20_000]
    ]

    def work() -> None:
        for row_id, envelopes in rows:
            opened = [
                cipher.unseal(row_id, envelope)
                for cipher, envelope in zip(ciphers, envelopes, strict=True)
            ]
            for cipher, text in zip(ciphers, opened, strict=True):
                cipher.seal(row_id, text)
            for index, value in indexes:
                index.of(opened[value].decode())

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
