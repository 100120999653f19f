"""`python -m config.run`: what it refuses, and that nothing outlives it."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.generate_env import env_text, fresh_secrets
from deploy.edge.ports import free_port
from tests.checkout import check_out, interrupt, plain_environment, running

pytestmark = pytest.mark.process
RUN = [sys.executable, "-m", "config.run"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return check_out(tmp_path_factory.mktemp("run"))


def refused(tree: Path, **environment: str) -> str:
    done = subprocess.run(
        RUN,
        cwd=tree,
        env=plain_environment(**environment),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="looks for processes in /proc"
)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_taken_port_is_refused_in_one_line_before_anything_is_made(tree):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(tree, PORT=str(port))
    assert re.fullmatch(rf"Port {port} cannot be used \(.+\)\. Take another: .+\n", said)
    assert not (tree / ".env").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "٨٠٠٠", "80 "])
def test_what_is_no_port_is_refused(tree, port):
    assert refused(tree, PORT=port) == "PORT must be a number from 1 to 65535.\n"


def test_production_is_refused(tmp_path):
    tree = check_out(tmp_path)
    production = {
        "APP_ENV": "production",
        **fresh_secrets(),
        "ALLOWED_HOSTS": "api.example.com",
        "PUBLIC_URL": "https://api.example.com",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    (tree / ".env").write_text(env_text(production, {}))
    assert refused(tree, PORT=str(free_port())).startswith("make run is for development")


@needs_proc
def test_when_the_server_dies_the_worker_ends_too_and_so_do_we(tree):
    with running(tree, RUN, free_port()) as (process, _):
        server, worker = sorted(children(process.pid))
        os.kill(server, signal.SIGKILL)
        last = process.communicate(timeout=30)[0]
        assert process.returncode == 1
        assert "The server ended" in last
        assert not Path(f"/proc/{worker}").exists()


@needs_proc
def test_ctrl_c_ends_everything_quietly(tree):
    port = free_port()
    with running(tree, RUN, port) as (process, _):
        family = children(process.pid)
        assert len(family) == 2
        family += [grandchild for child in family for grandchild in children(child)]
        last = interrupt(process)
        assert process.returncode == 0
        assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]
        assert "Traceback" not in last
        assert "SIGKILL" not in last
    socket.create_server(("127.0.0.1", port)).close()
