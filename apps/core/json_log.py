"""Log records as one JSON object a line, without secrets.

The shape is stable: `at` (UTC, RFC 3339), `level`, `logger`, `event`, `request_id`, then the fields
that the record carries. A caller's text can never start a new line or forge a field, because it
is always a JSON string (ASVS 16.2.4, 16.4.1).
"""

import logging
import re
from datetime import UTC, datetime

import orjson

from .request_context import current_request

#: Credentials by their look, wherever they slipped into a message (ASVS 16.2.5).
_SECRETS = re.compile(
    r"gh_(?:live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]+|(?i:bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"
)
_REDACTED = "[redacted]"


def redacted(text: str) -> str:
    """The text with every credential in it replaced."""
    return _SECRETS.sub(_REDACTED, text)


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON; `extra={"fields": {…}}` adds members."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": redacted(record.getMessage()),
            "request_id": current_request.get().request_id,
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            # Frames without locals: a local may hold a secret that no pattern knows.
            line["exception"] = redacted(self.formatException(record.exc_info))
        return orjson.dumps(line, default=str).decode()
