"""Where somebody was going when they were asked to sign in, for ways on which `next` is lost.

Opening an account leads through a mailbox, and a long address does not fit into another. Kept in
the session, for an hour, and never anything but a path of ours.
"""

import time

from django.http import HttpRequest

_KEY = "destination"
_LASTS = 3600  # seconds


def remember(request: HttpRequest, path: str) -> None:
    """The newest place replaces the one before."""
    request.session[_KEY] = [path, time.time()]


def forget(request: HttpRequest) -> None:
    """They have arrived."""
    request.session.pop(_KEY, None)


def taken(request: HttpRequest) -> str | None:
    """The place, once."""
    path, at = request.session.pop(_KEY, None) or (None, 0)
    return path if time.time() - at < _LASTS else None
