"""The README's commands are run as they stand, in a fresh copy of the tree."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from config.environment import ROOT
from deploy.edge.ports import free_port
from tests.checkout import check_out, plain_environment, running

README = (ROOT / "README.md").read_text()
#: Each shell block, and the reply that stands below it, if any.
BLOCKS = re.findall(r"```sh\n(.*?)```(?:\s*```(?:json|text)\n(.*?)```)?", README, re.DOTALL)
RUN_PLAINLY = ".venv/bin/python -m config.run"

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return check_out(tmp_path_factory.mktemp("newcomer"))


@pytest.fixture(scope="module")
def port():
    return free_port()


def requests_in(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if line.startswith("curl ")]


def status_of(line: str, tree: Path) -> str:
    """Paste a line into a shell."""
    return shell(f"{line} -s -o /dev/null -w '%{{http_code}}'", tree)


def shell(script: str, tree: Path) -> str:
    done = subprocess.run(
        ["sh", "-ec", script],
        cwd=tree,
        env=plain_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def credentials_in(printed: str) -> set[str]:
    return set(re.findall(r"\S+@\S+\.example\.com\s+\S+|gh_test_\w+", printed))


def shape(value):
    """Names and nesting of a JSON reply; of a list, its first member."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shape(member) for member in value[:1]]
    return None


def test_it_names_the_two_commands_and_is_short():
    commands = "".join(block for block, _ in BLOCKS)
    assert "make run\n" in commands
    assert "make test\n" in commands
    assert RUN_PLAINLY in commands
    assert len(README.splitlines()) <= 200


@pytest.mark.slow
def test_a_newcomer_runs_pastes_stops_and_runs_again(tree, port):
    with running(tree, ["make", "run"], port) as (process, first):
        lines = requests_in(first)
        assert [status_of(line, tree) for line in lines] == ["200", "201", "200"]
        run_the_readmes_requests(tree, port)
    assert process.returncode != 0  # make itself reports Ctrl-C

    # The second time without make, as the README shows it for machines that have none.
    with running(tree, RUN_PLAINLY.split(), port) as (process, second):
        assert credentials_in(second) == credentials_in(first)
        assert [status_of(line, tree) for line in lines] == ["200", "201", "200"]
    assert process.returncode == 0


def run_the_readmes_requests(tree: Path, port: int) -> None:
    setup = next(block for block, _ in BLOCKS if block.startswith("KEY="))
    shown = [(block, reply) for block, reply in BLOCKS if block.startswith("curl ")]
    assert len(shown) == 3
    for block, reply in shown:
        script = f"{setup}\n{block}".replace("localhost:8000", f"localhost:{port}")
        assert shape(json.loads(shell(script, tree))) == shape(json.loads(reply))


def test_a_refused_environment_says_what_the_readme_shows(tree):
    block, reply = next(pair for pair in BLOCKS if pair[0].startswith("APP_ENV=production"))
    shell(".venv/bin/python -m config.generate_env --development --if-missing", tree)
    done = subprocess.run(
        ["sh", "-c", f"{block.strip()} 2>&1"],
        cwd=tree,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == reply
