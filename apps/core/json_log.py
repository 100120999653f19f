"""Log records as one JSON object a line, without secrets.

The shape is stable and documented (docs/log.schema.json): `v`, `at` (UTC, RFC 3339), `level`,
`logger`, `event`, `request_id`, then the fields that the record carries. A caller's text can never
start a new line or forge a field, because it is always a JSON string (ASVS 16.2.4, 16.4.1).
"""

import logging
from datetime import UTC, datetime

import orjson

from .redaction import clean, redacted
from .request_context import current_request

#: Counted up when a member changes its meaning or goes; not when one is added.
VERSION = 1


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON; `extra={"fields": {…}}` adds members."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "v": VERSION,
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": redacted(_message(record)),
            "request_id": redacted(current_request.get().request_id),
        }
        for name, value in clean(getattr(record, "fields", {})).items():
            line.setdefault(name, value)
        if record.exc_info:
            # Frames without locals: a local may hold a secret that no pattern knows.
            line["exception"] = redacted(self.formatException(record.exc_info))
        return orjson.dumps(line, default=str).decode()


def _message(record: logging.LogRecord) -> str:
    """The message with its arguments; mapped arguments are cleaned by their names as well."""
    if isinstance(record.args, dict):
        return str(record.msg) % clean(record.args)
    return record.getMessage()
