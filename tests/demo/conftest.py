"""The demo, made in the test's database and a directory of its own."""

import json
from io import StringIO

import pytest
from django.core.management import call_command


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR = tmp_path / "var"
    return settings.VAR


@pytest.fixture
def seed(db, var):
    """Run the command; returns what the file says and what was printed."""

    def run(*arguments):
        printed = StringIO()
        call_command("seed_demo", *arguments, stdout=printed, stderr=printed)
        return json.loads((var / "demo.json").read_text()), printed.getvalue()

    return run


@pytest.fixture
def demo(seed):
    return seed()[0]
