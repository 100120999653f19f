import pytest

from .cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()
