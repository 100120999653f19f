"""Reads `expectations.txt`. A row with a cell too few or too many is no row."""

from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("expectations.txt")

#: Method, route, object.
Row = tuple[str, str, str]


@dataclass(frozen=True)
class Table:
    """Columns in their order, and for every row its cells by column."""

    columns: list[str]
    rows: dict[Row, dict[str, str]]

    def cells(self) -> list[tuple[Row, str, str]]:
        """Every cell: row, column, expectation."""
        return [
            (row, column, expected)
            for row, cells in self.rows.items()
            for column, expected in cells.items()
        ]


def read() -> Table:
    """The table. Raises ValueError for a row that does not fit the head, or stands twice."""
    lines = [line for line in _FILE.read_text().splitlines() if line and line[0] != "#"]
    columns = _cells(lines[0])
    rows: dict[Row, dict[str, str]] = {}
    for line in lines[1:]:
        method, route, *which = line.partition("|")[0].split(maxsplit=2)
        row = (method, route, which[0].strip() if which else "")
        if row in rows:
            raise ValueError(f"{row} stands twice")
        rows[row] = dict(zip(columns, _cells(line), strict=True))
    return Table(columns, rows)


def _cells(line: str) -> list[str]:
    return line.partition("|")[2].replace("|", " ").split()
