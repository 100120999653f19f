"""Sessions whose content is sealed at rest (settings.SESSION_ENGINE).

Django signs what a session holds and leaves it readable, and libraries put more into it than one
thinks: the account library keeps the address of a sign-in, and, while it asks for a proof, the
whole form that it was sent, passwords and all. Here it is ciphertext, bound to the session's key.

Does not guarantee: that key, the value of the cookie, stands beside it in clear. A session whose
encryption key was retired is over; none is older than 12 hours.
"""

from base64 import b64decode, b64encode
from logging import getLogger
from typing import Any

import orjson
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from apps.encryption.envelope import ColumnCipher, column_cipher
from apps.encryption.errors import DecryptionRefused
from apps.encryption.ring import key_ring

log = getLogger("gatehouse.sessions")


class SessionStore(DatabaseStore):
    """Django's database sessions, sealed."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        key = self._get_or_create_session_key().encode()
        return b64encode(_cipher().seal(key, orjson.dumps(session_dict))).decode()

    def decode(self, session_data: str) -> dict[str, Any]:
        """What was sealed for this session; nothing, and so nobody signed in, if it was not."""
        try:
            sealed = b64decode(session_data, validate=True)
            return orjson.loads(_cipher().unseal((self.session_key or "").encode(), sealed))
        except (DecryptionRefused, ValueError):
            log.warning("session_refused")
            return {}


def _cipher() -> ColumnCipher:
    return column_cipher(key_ring(), "django_session", "session_data")
