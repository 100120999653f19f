"""`python -m config.serve`: the server, the same in development and production."""

import argparse
import os
import sys

from config.environment import ROOT, load

#: Threads of one worker: enough to wait for the database, few enough to keep the GIL calm.
THREADS = 8


def command(port: int, workers: int) -> list[str]:
    """The gunicorn command line; the rest stands in config/gunicorn.py."""
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
        *("--config", f"{ROOT}/config/gunicorn.py", "--chdir", str(ROOT)),
        *("--bind", f"127.0.0.1:{port}"),
        *("--workers", str(workers), "--threads", str(THREADS)),
    ]


def main() -> None:
    """Replace this process by the server, on loopback: the edge is what faces the world."""
    parser = argparse.ArgumentParser(prog="python -m config.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    arguments = command(parser.parse_args().port, load().workers)
    os.execv(arguments[0], arguments)  # noqa: S606 (our own command, no shell)


if __name__ == "__main__":
    main()
