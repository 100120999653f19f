"""schemathesis against a real server: nothing that a document says may be untrue, in any phase.

Every check is on and the seed is fixed: what is found is found again. `make schema-checkers`
installs it; .ci/run runs it on SQLite and on PostgreSQL with Redis.
"""

import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from config.environment import ROOT
from tests.concurrency.server import Server, serving

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.xdist_group("fuzz")]

PROGRAM = ROOT / ".venv-schema" / "bin" / "st"
HERE = ROOT / "tests" / "fuzz"
SEED = "20261101"
#: Version, who calls, and the paths: a buyer is asked again only where a manager may not.
RUNS = [
    ("v2", "manager", "^/"),
    ("v2", "buyer", "/offers"),
    ("v1", "manager", "^/"),
    ("v1", "buyer", "/offers"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not PROGRAM.exists():
        pytest.skip("no .venv-schema: make schema-checkers")
    settings = "tests.fuzz.settings"
    with serving(tmp_path_factory.mktemp("server"), DJANGO_SETTINGS_MODULE=settings) as running:
        yield running


@pytest.fixture
def scene(server: Server) -> dict:
    """Rows of their own for each run: what one deletes, the next one has again."""
    return json.loads(server.run("-m", "tests.fuzz.scene"))


@pytest.mark.parametrize(("version", "role", "paths"), RUNS)
def test_nothing_is_found(version: str, role: str, paths: str, server: Server, scene: dict) -> None:
    logged = server.log.stat().st_size
    done = subprocess.run(
        [
            *(str(PROGRAM), "--config-file", str(HERE / "schemathesis.toml"), "run"),
            f"{server.url}/api/{version}/openapi.json",
            *("--url", server.url, "--header", f"Authorization: Bearer {scene['keys'][role]}"),
            *("--phases", "examples,coverage,fuzzing,stateful"),
            *("--include-path-regex", paths),
            *("--max-examples", "8", "--seed", SEED, "--continue-on-failure", "--no-color"),
        ],
        cwd=ROOT,
        env=os.environ
        | {
            "FUZZ_SCENE": json.dumps(scene),
            "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    assert "generated" in done.stdout
    with server.log.open() as log:
        log.seek(logged)
        assert not [line for line in log if '"level":"error"' in line]
