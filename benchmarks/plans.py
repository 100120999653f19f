"""How PostgreSQL finds the rows of a page: its plan, and how many rows it had to read for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """`scans`: how the table is read, such as "Index Scan listing_newest". `sequential`: does it
    read the whole table in storage order? `rows_read`: rows looked at, thrown away included."""

    scans: tuple[str, ...]
    sequential: bool
    rows_read: int


def parse(explained: list[Mapping[str, Any]], table: str) -> Plan:
    """A plan from EXPLAIN (ANALYZE, FORMAT JSON). Pure."""
    scans = [node for node in _nodes(explained[0]["Plan"]) if _reads(node, table)]
    return Plan(
        scans=tuple(_name(node) for node in scans),
        sequential=any("Seq Scan" in node["Node Type"] for node in scans),
        rows_read=sum(_rows(node) for node in scans if "Relation Name" in node),
    )


def _nodes(node: _Node) -> Iterator[_Node]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _reads(node: _Node, table: str) -> bool:
    # A bitmap index scan names its index only; the heap scan above it names the table.
    return node.get("Relation Name") == table or node["Node Type"] == "Bitmap Index Scan"


def _name(node: _Node) -> str:
    return " ".join(filter(None, (node["Node Type"], node.get("Index Name"))))


def _rows(node: _Node) -> int:
    thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    # Both are means over the loops, of which each parallel worker is one.
    return round((node["Actual Rows"] + thrown) * node["Actual Loops"])
