"""A complete production environment in real variables, and ways to state only what differs.

Nothing here reads the `.env` or the variables of whoever runs the tests.
"""

import pytest

from config.environment import Environment, EnvironmentRefused, load
from config.generate_env import fresh_secrets

ADDRESSES = {
    "ALLOWED_HOSTS": "api.gatehouse.test",
    "PUBLIC_URL": "https://api.gatehouse.test",
    "DATABASE_URL": "postgres://gatehouse@db.gatehouse.test:5432/gatehouse",
    "REDIS_URL": "redis://redis.gatehouse.test:6379/0",
    "EMAIL_URL": "smtps://gate@mail.gatehouse.test",
}


@pytest.fixture
def production():
    """Every variable that production demands, with fresh secrets."""
    return fresh_secrets() | ADDRESSES


@pytest.fixture
def loads(monkeypatch, production):
    """Load production with some variables changed; None unsets one."""

    def load_with(**differs):
        for name in Environment.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
            monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
        for name, value in (production | differs).items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return load(env_file=None)

    return load_with


@pytest.fixture
def develops(loads):
    """Load development: fresh secrets, no addresses, and what differs."""
    nothing = dict.fromkeys(ADDRESSES)

    def load_with(**differs):
        return loads(**nothing | {"APP_ENV": "development"} | differs)

    return load_with


@pytest.fixture
def refused():
    """Demand exactly one problem, about `name`, that repeats no secret value; return its line."""

    def problem(load_with, name, **differs):
        with pytest.raises(EnvironmentRefused) as refusal:
            load_with(**differs)
        (line,) = refusal.value.problems
        assert line.startswith(f"{name} ")
        assert not [value for value in differs.values() if len(value or "") > 8 and value in line]
        return line

    return problem
