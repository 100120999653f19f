"""What schemathesis cannot read in a document: who calls, from where, and which rows there are.

Loaded by `st run` in an environment of its own: knows no Django and no code of ours.
"""

import itertools
import json
import os

import schemathesis

SCENE = json.loads(os.environ["FUZZ_SCENE"])
_requests = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Every request from another address: what is tested is the schema, and not the limits."""
    number = next(_requests)
    case.headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    # A second credential beside ours would be refused before anything else is looked at.
    case.headers.pop("X-API-Key", None)
    if case.meta is not None and case.meta.generation.mode.is_positive:
        _fitting(case, number)


def _fitting(case, number):
    """Put in what only a client knows that has listened: real ids, current tags, given cursors."""
    for name, ids in SCENE["ids"].items():
        if name in case.path_parameters and number % 4:
            case.path_parameters[name] = ids[number % len(ids)]
    if "If-Match" in case.headers and number % 8:
        case.headers["If-Match"] = "*"
    case.query.pop("cursor", None)
    if {"min_price", "max_price"} <= case.query.keys():
        case.query["max_price"] = case.query["min_price"]
