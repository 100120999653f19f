"""A copy of the tree as a newcomer has it after cloning, and `make run` in it.

What is installed already is linked, not installed again: a test is about the tree, and reaches no
package registry. The links are made one by one, so that nothing writes through `.venv` itself.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from config.environment import ROOT
from tests.house.tree import tracked

_DEADLINE = 240  # seconds
_PLAIN = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


def check_out(to: Path) -> Path:
    """Copy what is, or would be, under version control."""
    for name in tracked():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, to / name)
    _link_environment(to / ".venv")
    return to


def _link_environment(venv: Path) -> None:
    venv.mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (venv / part).symlink_to(Path(sys.prefix, part))
    for stamp in (".runtime", ".tests"):
        (venv / stamp).touch()


def plain_environment(**more: str) -> dict[str, str]:
    """None of our own variables: the copy's `.env` decides."""
    return {name: os.environ[name] for name in _PLAIN if name in os.environ} | more


@contextmanager
def running(tree: Path, command: list[str], port: int) -> Iterator[tuple[subprocess.Popen, str]]:
    """The process and all that it printed up to its third curl line. Ctrl-C at the end."""
    # Where the tests were started in the background, Ctrl-C is ignored, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        command,
        cwd=tree,
        env=plain_environment(PORT=str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    watchdog = Timer(_DEADLINE, os.killpg, (process.pid, signal.SIGKILL))
    watchdog.start()
    try:
        yield process, "".join(_until_third_request(process))
        interrupt(process)
    finally:
        watchdog.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def interrupt(process: subprocess.Popen) -> str:
    """Ctrl-C, as a terminal sends it: to every process of the group. What was printed after it."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    return process.communicate(timeout=30)[0]


def _until_third_request(process: subprocess.Popen) -> Iterator[str]:
    requests = 0
    for line in process.stdout:
        yield line
        requests += line.startswith("curl ")
        if requests == 3:
            return
