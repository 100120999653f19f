"""Settings of the test run: the real ones, on fresh secrets that nobody else has.

SQLite and in-process stores, unless TEST_DATABASE_URL and TEST_REDIS_URL name others. The only
other difference is the cost of a password hash.
"""

import os
import re
import tempfile

from config.generate_env import fresh_key, fresh_secrets

# Tests empty their Redis database, so each process of pytest-xdist has one of its own.
_redis = re.fullmatch(r"(.+/)(\d+)", os.environ.get("TEST_REDIS_URL", ""))
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
if _redis and _worker:
    os.environ["TEST_REDIS_URL"] = f"{_redis[1]}{int(_redis[2]) + _worker}"

#: What lies outside the database has a directory of its own in each run.
_OUTSIDE = tempfile.mkdtemp(prefix="gatehouse-")

os.environ.update(fresh_secrets())
os.environ.update(
    {
        "APP_ENV": "development",
        # A second key, so that tests meet a ring and not a single key.
        "FIELD_KEYS": f"1:{fresh_key()},2:{fresh_key()}",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "PUBLIC_URL": "http://localhost:8000",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", "sqlite:///var/test.sqlite3"),
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
        "CORS_ALLOWED_ORIGINS": "https://app.example.com",
        "CORS_ALLOWED_ORIGIN_REGEXES": r"^https://[a-z0-9-]+\.partner\.example$",
        "TRUSTED_PROXIES": "10.0.0.0/8",
        "LOG_LEVEL": "INFO",
        "AUDIT_CHECKPOINTS": f"{_OUTSIDE}/checkpoints.txt",
        "ERASURE_LIST": f"{_OUTSIDE}/erasures.txt",
    }
)

from config.settings import *  # noqa: E402, F403 (the environment comes first)

PASSWORD_HASHERS = ["tests.cheap_hashing.CheapBcrypt"]
