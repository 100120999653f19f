"""Takes secrets and personal values out of whatever is about to be logged (ASVS 16.2.5).

The last line of defence, not the first: code of ours logs no such value on purpose. It knows them
by their look (keys, tokens, passwords in URLs, private keys, e-mail addresses, card and identity
numbers, telephone numbers) and by the name they stand under: words for secrets, and what the models
call their personal and secret fields (`classification`). What it cannot know is a secret without a
form under a name that says nothing.
"""

import re
from functools import cache
from typing import Any

from django.apps import apps

from .classification import names_of_class, sensitive_names
from .data_classes import DataClass

REDACTED = "[redacted]"

_NAME = (
    r"(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|authorization|cookie|pepper|otp"
    r"|(?:private|secret|audit|signing|field)[_-]?key|session[_-]?(?:id|key)|recovery[_-]?codes?)"
)
#: What a line of the log says itself under such a name, as documented (docs/log.schema.json).
_OF_THE_LOG = frozenset({"address", "code"})
#: A member or argument of such a name: `client_secret`, `X-API-Key`, `password`.
_NAMED = re.compile(rf"(?:[a-z0-9]+[_-])*{_NAME}s?", re.IGNORECASE)
#: What such a name is given in a text: `password=…`, `"token": "…"`, `Authorization: Basic …`.
#: Not our own names of credentials, `api_key:<uuid>`.
_GIVING = (
    r"(s?\\?[\"']?\s*[=:]\s*(?:(?:bearer|basic|digest)\s+)?)"
    r"(?![0-9a-f]{8}-[0-9a-f]{4}-)"
    r"(?:\\?\"[^\"]*|'[^']*|[^\s\"'&;})\]]+)"
)
_LOOKS = re.compile(
    r"gh[a-z]?_[a-z]+_[0-9A-Za-z_-]{8,}"  # keys and tokens of ours
    r"|eyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*"  # JSON Web Tokens
    r"|[Bb](?:earer|EARER|asic|ASIC)\s+[A-Za-z0-9._~+/=-]{8,}"
    r"|://[^\s/:@\"]*:[^\s/@\"]+@"  # the user's part of a URL
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|(?<![\w-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![\w-])"  # national id
    r"|\+[1-9][0-9]{7,14}(?![0-9])"  # E.164
    r"|(?<![\w.-])[2-6](?:[ -]?[0-9]){12,18}(?![\w-])"  # card number
)
#: Whether it is worth a closer look: most lines hold nothing of the kind, and this is quick.
_HINT = re.compile(
    r"gh[a-z]?_|eyJ|[Bb](?:earer|EARER|asic|ASIC)\s|://|-----BEGIN|\+[1-9]"
    r"|[0-9]{3}-[0-9]{2}-|[2-6](?:[ -]?[0-9]){12}"
)
_EMAIL = re.compile(r"[^\s@<>\"'(),:;=]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
#: Longer than this a text is no line of a log, and reading it takes time from the request.
LONGEST = 20_000
_DEEPEST = 6


def redacted(text: str) -> str:
    """A message or a traceback with every secret in it replaced."""
    text = _without_looks(text)
    return _given().sub(rf"\1\2{REDACTED}", text) if "=" in text or ":" in text else text


def _given() -> re.Pattern[str]:
    # Before the models are there, none of their values can be.
    return _given_by_models() if apps.models_ready else _GIVEN


_GIVEN = re.compile(rf"({_NAME}){_GIVING}", re.IGNORECASE)


@cache
def _given_by_models() -> re.Pattern[str]:
    names = sorted(names_of_class(DataClass.PERSONAL) - _OF_THE_LOG)
    declared = rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, names))})"
    return re.compile(rf"({_NAME}|{declared}){_GIVING}", re.IGNORECASE)


def _is_named(name: str) -> bool:
    """Is this the name of a secret, or of a personal field?"""
    if _NAMED.fullmatch(name):
        return True
    lower = name.lower()
    return apps.models_ready and lower in sensitive_names() and lower not in _OF_THE_LOG


def _without_looks(text: str) -> str:
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}[cut]"
    if _HINT.search(text):
        text = _LOOKS.sub(REDACTED, text)
    return _EMAIL.sub(REDACTED, text) if "@" in text else text


def clean(value: Any, depth: int = 0) -> Any:
    """A member of a log line: JSON values as they are, texts redacted, anything else as text."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if depth > _DEEPEST:
        return REDACTED
    if isinstance(value, dict):
        return {
            _without_looks(str(name)): REDACTED
            if member is not None and _is_named(str(name))
            else clean(member, depth + 1)
            for name, member in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [clean(member, depth + 1) for member in value]
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"[{len(value)} bytes]"
    return _without_looks(str(value))
