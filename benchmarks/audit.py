"""What the audit costs: `python -m benchmarks.audit [--entries 1000000] [--each 2000]`.

Eight writers at once, against the same rows chained one by one under a lock, which is what most
tamper-evident logs do; then sealing and verifying a long log, against the hashing alone. On
PostgreSQL, in a database of its own (BENCH_DATABASE_URL).
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from multiprocessing import get_context
from typing import Any

from benchmarks.databases import fresh_database
from benchmarks.ours.environment import environment

WRITERS = 8


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the long log")
    parser.add_argument("--each", type=int, default=2_000, help="entries of each writer")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with fresh_database("audit") as url, tempfile.TemporaryDirectory() as directory:
        os.environ.update(environment("config.settings", url, "redis://127.0.0.1:6379/9", 1))
        os.environ["AUDIT_CHECKPOINTS"] = f"{directory}/checkpoints.txt"
        os.environ["LOG_LEVEL"] = "WARNING"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _writers(options.each, options.rounds)
        _long_log(options.entries)


def _writers(each: int, rounds: int) -> None:
    ratios = []
    for _ in range(rounds):
        ours, chained = _together(_record, each), _together(_chain, each)
        ratios.append(ours / chained)
        _say(f"{WRITERS} writers: {ours:,.0f} entries/s, chained under a lock {chained:,.0f}")
    _say(f"ratio: {sorted(ratios)[len(ratios) // 2]:.1f} ({min(ratios):.1f} to {max(ratios):.1f})")


def _together(write: Any, each: int) -> float:
    """Entries a second of all writers, from when all of them are connected."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_head (hash bytea)")
        cursor.execute("TRUNCATE bench_head")
        cursor.execute("INSERT INTO bench_head VALUES (''::bytea)")
    connection.close()
    context = get_context("fork")
    ready, done = context.Barrier(WRITERS + 1), context.Barrier(WRITERS + 1)
    processes = [
        context.Process(target=_writer, args=(write, each, ready, done)) for _ in range(WRITERS)
    ]
    for process in processes:
        process.start()
    ready.wait()
    started = time.perf_counter()
    done.wait()
    took = time.perf_counter() - started
    for process in processes:
        process.join()
    return WRITERS * each / took


def _writer(write: Any, each: int, ready: Any, done: Any) -> None:
    write()
    ready.wait()
    for _ in range(each):
        write()
    done.wait()


def _record() -> None:
    from django.db import transaction

    from apps.audit.actors import Operator
    from apps.audit.recording import record
    from apps.audit.verbs import Verb

    with transaction.atomic():
        record(Verb.LISTING_CHANGED, Operator(), changes={"bedrooms": 4})


def _chain() -> None:
    """The same row, with a head that every writer waits for and moves on."""
    import hashlib

    from django.db import connection, transaction

    from apps.audit.actors import Operator
    from apps.audit.recording import record
    from apps.audit.verbs import Verb

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM bench_head FOR UPDATE")
        (head,) = cursor.fetchone()
        record(Verb.LISTING_CHANGED, Operator(), changes={"bedrooms": 4})
        cursor.execute("UPDATE bench_head SET hash = %s", [hashlib.sha256(head).digest()])


def _long_log(entries: int) -> None:
    from django.db import connection

    from apps.audit.leaves import leaf_count, leaf_data
    from apps.audit.sealed_rows import sealed_rows
    from apps.audit.sealing import seal
    from apps.audit.tree import Frontier, leaf_hash
    from apps.audit.verification import verify

    _fill(entries)
    before = _peak()
    took = _timed(lambda: seal(everything=True))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum has done of any log that is not a minute old
    size = leaf_count()
    _say(f"sealed {size:,} entries: {size / took:,.0f}/s")
    report: list[Any] = []
    took = _timed(lambda: report.append(verify()))
    if report[0].findings:
        sys.exit(str(report[0].findings[0]))
    _say(f"verified {size:,}: {size / took:,.0f}/s; peak memory {before} → {_peak()} MiB")
    lines = [leaf_data(row.entry, row.mac) for row in sealed_rows(end=min(size, 100_000))]
    tree = Frontier()
    alone = len(lines) / _timed(lambda: [tree.append(leaf_hash(line)) for line in lines])
    _say(f"hashing alone: {alone:,.0f}/s; verify reaches {size / took / alone:.2f} of it")


def _fill(entries: int) -> None:
    from datetime import UTC, datetime

    from django.conf import settings

    from apps.audit.entry_mac import FIELDS, entry_mac
    from apps.audit.models import AuditEntry
    from apps.core.ids import uuid7

    plain = dict.fromkeys(FIELDS, "")
    for start in range(0, entries, 10_000):
        rows = []
        for number in range(start, min(start + 10_000, entries)):
            entry = plain | {
                "id": uuid7(),
                "at": datetime.now(UTC),
                "verb": "listing.changed",
                "outcome": "done",
                "actor": f"user:{uuid7()}",
                "credential": f"api_key:{uuid7()}",
                "object_type": "listing",
                "object_id": str(uuid7()),
                "address": "198.51.100.7",
                "changes": {"bedrooms": number % 9},
                "route": "api/v2/listings/<uuid:listing_id>",
                "request_id": uuid7().hex,
            }
            rows.append(AuditEntry(**entry, mac=entry_mac(settings.AUDIT_KEY, entry)))
        AuditEntry.objects.bulk_create(rows, batch_size=2_000)


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
