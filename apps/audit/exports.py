"""The sealed log as a file: lines that an outsider can check, or a table for people."""

import csv
import io
from collections.abc import Callable, Iterator

import orjson

from .entry_mac import FIELDS
from .models import AuditCheckpoint
from .sealed_rows import SealedRow, sealed_rows
from .tree import HASH

#: What spreadsheets take for the start of a formula (OWASP: CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def signed_size() -> int:
    """How many entries the newest checkpoint covers: an export ends there."""
    return AuditCheckpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def as_jsonl() -> Iterator[str]:
    """One line for each place, and each line is what its leaf is the hash of.

    Where retention removed the entry, the line has the hash alone: {"removed_leaf": "<hex>"}.
    """
    for row in sealed_rows(end=signed_size()):
        data = row.data
        if data is None:
            data = orjson.dumps({"removed_leaf": row.hashes[:HASH].hex()})
        yield data.decode() + "\n"


def as_csv() -> Iterator[str]:
    """A table, its cells kept from being taken for formulas; the hash stands last."""
    line = io.StringIO()
    write = csv.writer(line)
    write.writerow(["position", *FIELDS, "leaf_hash"])
    for row in sealed_rows(end=signed_size()):
        write.writerow(_cells(row))
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def _cells(row: SealedRow) -> list[str]:
    entry = row.entry or {"id": row.entry_id, "verb": "(removed by retention)"}
    values = [entry.get(name, "") for name in FIELDS]
    return [str(row.position), *map(_cell, values), row.hashes[:HASH].hex()]


def _cell(value: object) -> str:
    text = orjson.dumps(value).decode() if isinstance(value, dict) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


FORMATS: dict[str, Callable[[], Iterator[str]]] = {"jsonl": as_jsonl, "csv": as_csv}
