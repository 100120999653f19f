"""The MAC of one entry: without the key nobody can add or change a row unnoticed."""

import hashlib
import hmac
from collections.abc import Mapping

import orjson

FIELDS = (
    "id",
    "at",
    "verb",
    "outcome",
    "reason",
    "actor",
    "credential",
    "object_type",
    "object_id",
    "changes",
    "request_id",
    "address",
    "route",
)
_DOMAIN = b"gatehouse/audit-entry/v1\n"


_JSON = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def canonical(entry: Mapping[str, object]) -> bytes:
    """The bytes that are authenticated: JSON with sorted keys, times in UTC microseconds.

    `entry` has exactly the members of FIELDS.
    """
    return orjson.dumps(entry, option=_JSON)


def entry_mac(key: bytes, entry: Mapping[str, object]) -> bytes:
    """HMAC-SHA256, 32 bytes, over the canonical entry, domain-separated."""
    return hmac.digest(key, _DOMAIN + canonical(entry), hashlib.sha256)


def is_authentic(key: bytes, entry: Mapping[str, object], mac: bytes) -> bool:
    """Does the MAC belong to this entry? Constant time."""
    return hmac.compare_digest(entry_mac(key, entry), mac)
