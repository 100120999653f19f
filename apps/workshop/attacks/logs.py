"""Logs: forge their lines, and read credentials in them."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import quote
from uuid import uuid4

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, works
from apps.workshop.run import Run

from .fresh import NEW_LISTING

_FORGED = {
    "with spaces": "12345678 admin logged in",
    "too long": "a" * 65,
    "too short": "a",
    "with quotes": 'abcdefgh","level":"info',
    "with an escaped break": "abcdefgh%0d%0aadmin",
    "with markup": "<b>abcdefgh</b>",
    "with letters of another script": "абвгдежз",
}
_BREAK = {"with a line break": "abcdefgh\r\nSet-Cookie: a=b"}


def forged_request_id(run: Run) -> Iterator[Attempt]:
    """Bring along a request id that writes more into the log than an id."""
    # No client library sends a line break in a header, so over a socket that one is left out.
    for what, claimed in {**_FORGED, **(_BREAK if run.in_process else {})}.items():
        sent = claimed if run.in_process or claimed.isascii() else quote(claimed)
        answer = run.anonymous.get("listings?limit=1", X_Request_ID=sent)
        kept = answer.headers.get("x-request-id", "")
        yield judged(
            f"an id {what}",
            stopped=answer.status == 200 and bool(kept) and kept != sent,
            succeeded=kept == sent,
            evidence="kept" if kept == sent else "replaced",
        )


def own_request_id(run: Run) -> None:
    """A well-formed id is kept, so that a caller finds the request again."""
    request_id = str(uuid4())
    kept = works(run.anonymous.get("listings?limit=1", X_Request_ID=request_id))
    if kept.headers["x-request-id"] != request_id:
        raise HonestUseBroken("a good request id is replaced")


def logged_credentials(run: Run) -> Iterator[Attempt]:
    """Read the log for credentials that slipped into it."""
    run.needs_code()
    key = run.key("buyer", "read")
    token = uuid4().hex
    agent, anonymous = run.caller("agent"), run.anonymous
    for what, planted, error, send in (
        ("a key in an error", key, f"refused: {key}", None),
        ("a bearer in an error", token, f"sent Authorization: Bearer {token}", None),
        ("a basic login in an error", token, f"sent authorization: basic {token}", None),
        ("a key in a path", key, "", lambda: anonymous.get(f"/{key}")),
        ("a key in a query", key, "", lambda: anonymous.get(f"listings?api_key={key}")),
        ("a key as a request id", key, "", lambda: anonymous.get("me", X_Request_ID=key)),
        ("a key as a browser's name", key, "", lambda: anonymous.get("me", User_Agent=key)),
    ):
        with _log() as lines:
            if send:
                send()
            else:
                with patch("apps.listings.lifecycle.create", side_effect=RuntimeError(error)):
                    agent.post("listings", NEW_LISTING)
        text = lines.getvalue()
        yield judged(
            f"find {what}",
            stopped=bool(text) and planted not in text,
            succeeded=planted in text,
            evidence="in the log" if planted in text else f"not in {text.count(chr(10))} lines",
        )


def useful_log(run: Run) -> None:
    """The log says what was asked, and what went wrong."""
    run.needs_code()
    fault = patch("apps.listings.lifecycle.create", side_effect=RuntimeError("a clear reason"))
    with _log() as lines, fault:
        run.caller("agent").post("listings", NEW_LISTING)
    if (
        "a clear reason" not in lines.getvalue()
        or run.version.path("listings")[1:] not in lines.getvalue()
    ):
        raise HonestUseBroken("the log does not say what happened")


@contextmanager
def _log() -> Iterator[io.StringIO]:
    """Everything logged meanwhile, as the service writes it."""
    from apps.core.json_log import JsonFormatter

    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonFormatter())
    root, silenced = logging.getLogger(), logging.root.manager.disable
    others, root.handlers = root.handlers, [handler]
    logging.disable(logging.NOTSET)
    try:
        yield lines
    finally:
        logging.disable(silenced)
        root.handlers = others
