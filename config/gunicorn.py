"""How gunicorn serves Gatehouse, in development and production alike.

Started by `python -m config.serve`. Header names with underscores never reach the application as
what they imitate: WSGI writes `X_API_Key` and `X-API-Key` under one name, so one could pose as the
other (and `X_Forwarded_For` as a proxy's word). They are taken out here, where the two can still be
told apart, and named in a header of our own, so that a twin of a credential can be refused.
"""

import signal
from typing import Any

worker_class = "config.worker.EvenWorker"
header_map = "dangerous"  # hand us the underscored names; `pre_request` removes every one
keepalive = 30
graceful_timeout = 20
timeout = 60
limit_request_line = 4094
limit_request_fields = 100
limit_request_field_size = 8190
# The application decides whom to trust (TRUSTED_PROXIES); the server adds no opinion.
forwarded_allow_ips = ""
# The server's own lines in the form of every other: JSON, and without what looks like a key.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "apps.core.json_log.JsonFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": [], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stdout"], "level": "WARNING", "propagate": False},
        "gunicorn.access": {"handlers": [], "propagate": False},
    },
}

FLAG = "X-UNDERSCORE-HEADERS"


def pre_request(_worker: Any, request: Any) -> None:
    """Remove header names with underscores, and the flag if a caller sent one of its own."""
    underscored = [name for name, _ in request.headers if "_" in name]
    kept = [(n, v) for n, v in request.headers if "_" not in n and n.upper() != FLAG]
    if underscored:
        kept.append((FLAG, ",".join(underscored)))
    if len(kept) != len(request.headers) or underscored:
        request.headers = kept


def post_worker_init(_worker: Any) -> None:
    """Leave Ctrl-C to the master, which tells its workers; say which keys are missing.

    A terminal sends it to every process; taken twice, it deadlocks the pool of gthread, and the
    server would be killed only after `graceful_timeout`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from apps.encryption.reach import report_at_start

    report_at_start()


def worker_exit(_server: Any, _worker: Any) -> None:
    """Write what this process has counted of the use of keys."""
    from apps.apikeys.usage import flush

    flush()
