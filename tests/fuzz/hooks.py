"""What schemathesis cannot read in a document: who calls, from where, and which rows there are.

Loaded by `st run` in an environment of its own: knows no Django and no code of ours.
"""

import itertools
import json
import os
import unicodedata
from datetime import UTC, datetime, timedelta

import schemathesis

SCENE = json.loads(os.environ["FUZZ_SCENE"])
_requests = itertools.count()
#: Categories of characters that no text here may hold; a portable expression cannot name them all.
_REFUSED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Every request from another address: what is tested is the schema, and not the limits."""
    number = next(_requests)
    case.headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    # A second credential beside ours would be refused before anything else is looked at.
    case.headers.pop("X-API-Key", None)
    if case.meta is not None and case.meta.generation.mode.is_positive:
        _know_what_a_client_knows(case, number)
        _keep_what_no_schema_says(case)


def _know_what_a_client_knows(case, number):
    """Ids that exist, the state that was seen; no cursor, which only an answer gives out."""
    for name, ids in SCENE["ids"].items():
        if name in case.path_parameters and number % 4:
            case.path_parameters[name] = ids[number % len(ids)]
    if "If-Match" in case.headers and number % 8:
        case.headers["If-Match"] = "*"
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"fuzz-{number:08}"
    case.query.pop("cursor", None)


def _keep_what_no_schema_says(case):
    """Rules between two fields, between a field and today, and of Unicode's categories."""
    if {"min_price", "max_price"} <= case.query.keys():
        case.query["max_price"] = case.query["min_price"]
    if "city" in case.query:
        case.query["city"] = _city(case.query["city"])
    if isinstance(case.body, dict):
        if "listing" in case.body:
            case.body["listing"] = SCENE["ids"]["listing_id"][0]
        if case.body.get("compromised"):
            case.body.pop("overlap_seconds", None)  # a compromised key has none
        case.body = {name: _fitting(name, value) for name, value in case.body.items()}


def _fitting(name, value):
    if name == "reserve_price":
        return None  # else it may be above the price
    if name == "email":
        return f"fuzz{next(_requests)}@example.com"
    if name == "password":
        return "a heron over four canals"  # else perhaps a common one
    if name == "expires_at":
        return (datetime.now(UTC) + timedelta(days=20)).isoformat()
    if name == "date_of_birth":
        return "1984-02-29"  # else perhaps of a child
    if name == "networks":
        return ["203.0.113.0/24", "2001:db8::/32"][: len(value)]
    if name == "amount" and isinstance(value, dict) and not value["amount"].strip("0."):
        return {**value, "amount": "1.00"}  # an offer is above zero
    if not isinstance(value, str):
        return value
    return _city(value) if name == "city" else _text(value)


def _text(value):
    kept = "".join(c for c in value if unicodedata.category(c) not in _REFUSED)
    return unicodedata.normalize("NFC", kept).strip()[:100] or "x"


def _city(value):
    kept = "".join(c for c in value if unicodedata.category(c)[0] == "L")
    return unicodedata.normalize("NFC", kept)[:100] or "Leadville"
