"""What growth has found, as people read it."""

from collections.abc import Sequence

from rich import box
from rich.table import Table

from benchmarks.growth_pages import MOST, Page


def table(pages: Sequence[Page], small: int, large: int) -> Table:
    """One row a page; red where it costs more than it may or reads the whole table."""
    made = Table(
        title=f"Pages of 25, p50 in ms. At most {MOST} times, and never a sequential scan",
        title_justify="left",
        box=box.SIMPLE,
    )
    made.add_column("listings")
    made.add_column("page")
    for heading in (f"{small:,}", f"{large:,}", "ratio", "rows read"):
        made.add_column(heading, justify="right", no_wrap=True)
    made.add_column(f"plan at {large:,}", overflow="fold")
    for page in pages:
        made.add_row(
            page.case.label,
            page.case.depth,
            f"{page.small_ms:.2f}",
            f"{page.large_ms:.2f}",
            f"{page.ratio:.2f}",
            f"{page.plan.rows_read:,}",
            ", ".join(page.plan.scans),
            style="red" if page.failed else None,
        )
    return made
