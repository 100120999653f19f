"""`python -m benchmarks.growth`: does a page cost the same among a million listings?

Makes two databases, one of 10,000 listings and one of --rows, and asks both for the same pages in
turns, in process. Exit status: 0 every page held, 1 one did not, 2 something is missing, 130 ended.
"""

import argparse
import json
import os
import signal
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import django
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.databases import fresh_database
from benchmarks.shared_redis import NotEmpty, empty_redis
from benchmarks.stacks import Name, environment
from config.environment import ROOT

OUTPUT = Path(ROOT, "var", "growth.json")
SMALL = 10_000
_WIDTH = 130  # of what is not written to a terminal


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.growth", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--rows", type=_rows, default=1_000_000, metavar="N")
    parser.add_argument(
        "--rounds", type=_rounds, default=10, metavar="N", help="of 20 requests a page"
    )
    return parser.parse_args(argv)


def _rows(text: str) -> int:
    if not text.isdecimal() or int(text) <= SMALL:
        raise argparse.ArgumentTypeError(f"is not a number above {SMALL}")
    return int(text)


def _rounds(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("is not a whole number above 0")
    return int(text)


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    # Ended from outside, it still drops its databases.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    try:
        with ExitStack() as held:
            redis_url = held.enter_context(empty_redis())
            urls = {
                rows: held.enter_context(fresh_database(f"growth_{rows}"))
                for rows in (SMALL, options.rows)
            }
            os.environ.update(environment(Name.OURS, urls[SMALL], redis_url, 1))
            django.setup()
            from benchmarks.growth_pages import measured

            progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=console,
            )
            pages = measured(urls, options.rounds, held.enter_context(progress))
    except NotEmpty as missing:
        console.print(f"[red]{missing}[/]")
        return 2
    except KeyboardInterrupt:
        return 130
    from benchmarks.growth_table import table

    console.print(table(pages, SMALL, options.rows))
    OUTPUT.parent.mkdir(exist_ok=True)
    plain = [asdict(page) | {"ratio": page.ratio, "failed": page.failed} for page in pages]
    OUTPUT.write_text(json.dumps({"rows": [SMALL, options.rows], "pages": plain}, indent=1) + "\n")
    console.print(f"Every figure: {OUTPUT.relative_to(ROOT)}")
    return 1 if any(page.failed for page in pages) else 0


if __name__ == "__main__":
    sys.exit(main())
