"""A provider whose `oauth_keys ensure` was run: making an RSA key for every test takes too long."""

import pytest

from .asking import key


@pytest.fixture(autouse=True)
def _a_key_signs(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        key()
