"""Edges that several tests share. None of them needs Django's settings but `served`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.edge.ports import free_port
from tests.edge.recorder import Recorder, recording
from tests.edge.standing import Edge, standing


@pytest.fixture(scope="session")
def _recording() -> Iterator[Recorder]:
    with recording() as recorder:
        yield recorder


@pytest.fixture
def recorder(_recording: Recorder) -> Recorder:
    """What stands behind `edge`; it answers 200 until it is told otherwise."""
    _recording.answer()
    return _recording


@pytest.fixture(scope="session")
def edge(tmp_path_factory: pytest.TempPathFactory, _recording: Recorder) -> Iterator[Edge]:
    """The shipped edge, before the recorder."""
    with standing(tmp_path_factory.mktemp("edge"), _recording.port) as edge:
        yield edge


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Edge]:
    """The shipped edge with nothing behind it and an empty bucket."""
    with standing(tmp_path, free_port()) as edge:
        yield edge
