"""`python -m benchmarks.run`: Gatehouse beside stacks A and B, in one interleaved run.

README.md says what is measured and how. Exit status: 0 done, 1 a round was void or a stack failed,
2 something is missing, 130 it was ended.
"""

import argparse
import json
import signal
import sys
from pathlib import Path
from subprocess import CalledProcessError

from rich.console import Console

from benchmarks import profiling, session, tables
from benchmarks.load import WrkMissing, wrk
from benchmarks.servers import Program, ServerFailed
from benchmarks.shared_redis import NotEmpty
from benchmarks.stacks import Name
from benchmarks.target import Endpoint
from config.environment import ROOT
from config.serve import THREADS

OUTPUT = Path(ROOT, "var", "bench.json")
_WIDTH = 110  # of what is not written to a terminal


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.run", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--rounds", type=_number, default=5, metavar="N")
    parser.add_argument("--seconds", type=_number, default=10, metavar="N", help="a timed round")
    parser.add_argument("--workers", type=_number, default=2, metavar="N", help="processes")
    parser.add_argument(
        "--threads", type=_number, default=THREADS, metavar="N", help="of a process"
    )
    parser.add_argument("--server", type=Program, choices=list(Program), default=Program.GUNICORN)
    parser.add_argument(
        "--only", type=_names, default=list(Name), metavar="NAMES", help="such as ours,stock"
    )
    parser.add_argument(
        "--endpoint", type=Endpoint, choices=list(Endpoint), help="one of them; all by default"
    )
    parser.add_argument(
        "--profile", action="store_true", help="no load: where one endpoint of ours spends its time"
    )
    return parser.parse_args(argv)


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("is not a whole number above 0")
    return int(text)


def _names(text: str) -> list[Name]:
    try:
        chosen = {Name(part) for part in text.split(",")}
    except ValueError:
        raise argparse.ArgumentTypeError(f"takes some of {', '.join(Name)}") from None
    return [name for name in Name if name in chosen]


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    # Ended from outside, it still ends its servers and drops its databases.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    try:
        if options.profile:
            profiling.show(options.endpoint or Endpoint.DETAIL, console)
            return 0
        wrk()
        report = session.measured(options, console)
    except (WrkMissing, NotEmpty) as missing:
        console.print(f"[red]{missing}[/]")
        return 2
    except (ServerFailed, CalledProcessError) as failed:
        # A command's own message, never its environment or output: they hold secrets.
        console.print(f"[red]{failed}[/]")
        return 1
    except KeyboardInterrupt:
        return 130
    tables.show(report, console)
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(report.plain(), indent=1) + "\n")
    console.print(f"Every sample: {OUTPUT.relative_to(Path(ROOT))}")
    for reason in report.voids():
        console.print(f"[red]void: {reason}[/]")
    return 1 if report.voids() else 0


if __name__ == "__main__":
    sys.exit(main())
