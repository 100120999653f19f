"""Fresh things to attack: made over the API by their rightful owner, so that any target has them.

What is made here may be left behind on the target; nothing that stood there before is touched.
"""

from typing import Any

from apps.workshop.attempts import HonestUseBroken, works
from apps.workshop.run import Caller

#: Keys are v2's: an attack on another version that needs one gets it there.
KEYS = "/api/v2/api-keys"
MONEY = {"amount": "425000.00", "currency": "USD"}
NEW_LISTING = {
    "title": "A house made for an attack",
    "city": "Cañon City",
    "state_code": "CO",
    "street_address": "12 O'Connell Street",
    "price": MONEY,
    "reserve_price": {"amount": "400000.00", "currency": "USD"},
    "bedrooms": 3,
}


def draft_of(caller: Caller) -> dict[str, Any]:
    """A fresh draft of the caller's agency."""
    return works(caller.post("listings", NEW_LISTING), 201).json


def published_of(manager: Caller) -> dict[str, Any]:
    """A fresh listing of the manager's agency that everyone sees."""
    return works(manager.post(f"listings/{draft_of(manager)['id']}/publish")).json


def key_of(owner: Caller, *scopes: str, **fields: Any) -> dict[str, Any]:
    """A fresh key of the caller: `id`, `key` and the rest."""
    body = {"name": "made for an attack", "scopes": list(scopes), **fields}
    return works(owner.post(KEYS, body), 201).json


def first_of(caller: Caller, path: str) -> dict[str, Any]:
    """The newest of the objects that the demo holds for this caller. Raises HonestUseBroken."""
    rows = works(caller.get(path)).json["results"]
    if not rows:
        raise HonestUseBroken(f"the demo has no {path} for this caller")
    return rows[0]


def ids_of(document: Any) -> list[str]:
    """The ids in a page; none in anything else."""
    return [row["id"] for row in (document or {}).get("results", [])]
