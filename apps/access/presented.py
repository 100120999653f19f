"""Which credential did the caller present? Pure: reads headers and query, looks nothing up.

One credential, in one header. Everything ambiguous is refused, because two readers of an
ambiguous request may see two different callers.
"""

import re
from collections.abc import Iterable, Mapping

from apps.core.problems import Code, FieldError, Problem

MAX_LENGTH = 4096
#: Set by the server (config/gunicorn.py) when a header name came with an underscore.
UNDERSCORE_FLAG = "HTTP_X_UNDERSCORE_HEADERS"
_QUERY_NAMES = frozenset({"access_token", "api_key", "apikey", "x_api_key", "authorization"})
#: Keys, tokens, codes and client secrets (apps/apikeys, apps/oauth): below them in the house.
_KEY = re.compile(r"gh_(?:live|test|at|rt|ac|cs)_")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)  # RFC 6750 section 2.1, b64token
_TWINS = {"authorization", "x_api_key"}


def presented(meta: Mapping[str, str], query: Iterable[tuple[str, str]]) -> str | None:
    """The credential's text, or None where none was sent.

    Raises Problem `credential_exposed` for one in the URL, `malformed_credential` for two, for an
    underscore twin (X_API_Key, which WSGI cannot tell from X-API-Key), for another scheme than
    Bearer, and for text that is no credential at all.
    """
    _refuse_exposed(query)
    _refuse_twins(meta)
    authorization = meta.get("HTTP_AUTHORIZATION")
    key = meta.get("HTTP_X_API_KEY")
    if authorization is not None and key is not None:
        raise _malformed("#Authorization", "Two credentials came with one request.")
    if authorization is not None:
        return _bearer(authorization)
    if key is not None:
        return _single(key, "#X-API-Key")
    return None


def holds_key(text: str) -> bool:
    """Does a part of a URL look like a key of ours?"""
    return bool(_KEY.search(text))


def _bearer(header: str) -> str:
    scheme, _, credential = header.partition(" ")
    if scheme.lower() != "bearer":
        raise _malformed("#Authorization", "The only scheme here is Bearer.")
    return _single(credential.strip(" "), "#Authorization")


def _single(text: str, pointer: str) -> str:
    # Servers join repeated headers with a comma: a comma means two credentials.
    if "," in text:
        raise _malformed(pointer, "The header came more than once.")
    if len(text) > MAX_LENGTH or not _TOKEN.fullmatch(text):
        raise _malformed(pointer, "This is not the form of a credential.")
    return text


def _refuse_twins(meta: Mapping[str, str]) -> None:
    names = meta.get(UNDERSCORE_FLAG, "")
    if _TWINS & {name.strip().lower().replace("-", "_") for name in names.split(",")}:
        raise _malformed("#X-API-Key", "Write the header's name with hyphens.")


def _refuse_exposed(query: Iterable[tuple[str, str]]) -> None:
    for name, value in query:
        if name.lower().replace("-", "_") in _QUERY_NAMES or holds_key(name) or holds_key(value):
            raise Problem(Code.CREDENTIAL_EXPOSED)


def _malformed(pointer: str, detail: str) -> Problem:
    return Problem(
        Code.MALFORMED_CREDENTIAL, errors=[FieldError(pointer, "malformed_credential", detail)]
    )
