"""The demo, seeded once a test, for attacks in this process."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command


@pytest.fixture
def demo(db: None, settings: LazySettings, tmp_path: Any) -> Mapping[str, Any]:
    settings.VAR = tmp_path
    call_command("seed_demo", verbosity=0)
    return json.loads((tmp_path / "demo.json").read_text())
