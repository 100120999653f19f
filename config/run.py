"""`python -m config.run`, which is what `make run` does: everything that a newcomer needs at once.

Makes `.env`, the database and the demo where they are missing, starts the server and the periodic
worker, and says how to reach them once /healthz answers. Ctrl-C ends both; where one of them
dies, the other is ended too and the exit status is 1. For development only: in production a
service manager starts config.serve and `manage.py worker`, each by itself.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from config import banner, generate_env, serve
from config.environment import ENV_FILE, LOCAL_URL, ROOT, Environment, load

_MANAGE = [sys.executable, "manage.py"]
_PREPARATIONS = (
    ["migrate", "--verbosity", "0"],
    ["oauth_keys", "--verbosity", "0", "ensure"],
    ["seed_demo"],
)
_STARTS_WITHIN = 60  # seconds
_STOPS_WITHIN = 25  # seconds; longer than gunicorn's graceful_timeout
Processes = dict[str, subprocess.Popen]


def main() -> int:
    """Exit status: 0 ended by Ctrl-C or SIGTERM, 130 before it began, 1 refused or one died."""
    # All ways to end us end in the same `finally`: a closed terminal must leave no orphans. SIGINT
    # too: a shell that starts us in the background has it ignored, and we would inherit that.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        port = _free_port(os.environ.get("PORT") or "8000")
        environment = _environment(port)
        _prepare()
    except _Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    processes: Processes = {}
    try:
        processes["server"] = _start(serve.command(port, environment.workers))
        if not _answers(processes, environment, port):
            return 1
        processes["worker"] = _start([*_MANAGE, "worker"])
        banner.show(f"http://localhost:{port}")
        _watch(processes)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(processes)


class _Refused(Exception):
    """Why nothing was started, in one line."""


def _free_port(text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or not 1 <= int(text) <= 65535:
        raise _Refused("PORT must be a number from 1 to 65535.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise _Refused(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Take another: make run PORT={port % 65535 + 1}"
            ) from None
    return port


def _environment(port: int) -> Environment:
    if not ENV_FILE.exists() and generate_env.main(["--development"]) != 0:
        raise _Refused("Without .env nothing starts.")
    environment = load()
    if not environment.development:
        raise _Refused("make run is for development, and APP_ENV says production.")
    if environment.public_url == LOCAL_URL:
        os.environ["PUBLIC_URL"] = f"http://localhost:{port}"
    return environment


def _prepare() -> None:
    Path(ROOT, "var", "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns without it
    for arguments in _PREPARATIONS:
        done = subprocess.run([*_MANAGE, *arguments], cwd=ROOT, check=False)  # noqa: S603 (ours)
        if done.returncode != 0:
            raise _Refused(f"manage.py {arguments[0]} failed.")


def _start(command: list[str]) -> subprocess.Popen:
    # In our own process group: whoever ends the group ends them too. Ctrl-C reaches them as well,
    # so they begin by ignoring it: half-started they would answer it with a traceback.
    return subprocess.Popen(command, cwd=ROOT, preexec_fn=_ignore_ctrl_c)  # noqa: S603 (ours)


def _ignore_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _answers(processes: Processes, environment: Environment, port: int) -> bool:
    """Wait for /healthz. False where a process died, or time ran out."""
    end = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < end:
        if _dead(processes):
            return False
        with suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/healthz", headers={"Host": environment.allowed_hosts[0]})
            if connection.getresponse().status == 200:
                return True
        time.sleep(0.1)
    sys.stderr.write(f"The server did not answer within {_STARTS_WITHIN} seconds.\n")
    return False


def _watch(processes: Processes) -> None:
    while not _dead(processes):
        time.sleep(0.3)


def _dead(processes: Processes) -> bool:
    for name, process in processes.items():
        if process.poll() is not None:
            sys.stderr.write(f"The {name} ended with status {process.returncode}.\n")
            return True
    return False


def _stop(processes: Processes) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave orphans
    for process in processes.values():
        process.terminate()  # does nothing to one that ended
    for process in processes.values():
        try:
            process.wait(_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
