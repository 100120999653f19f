"""Object authorization (API1): the ids of others."""

from collections.abc import Iterator
from uuid import uuid4

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.run import Caller, Run

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


def draft_of(caller: Caller) -> dict:
    """A fresh draft of the caller's agency."""
    return works(caller.post("listings", NEW_LISTING), 201).json


def foreign_draft(run: Run) -> Iterator[Attempt]:
    """Read and list the draft of another agency, by its id."""
    owner = run.caller("manager")
    draft = draft_of(owner)
    path = f"listings/{draft['id']}"
    for role in ("manager", "agent", "buyer"):
        stranger = run.caller(role, agency=1)
        yield refused(f"a {role} of another agency reads it", stranger.get(path), 404, "not_found")
    yield refused("anyone reads it", run.anonymous.get(path), 404, "not_found")
    listed = run.caller("manager", agency=1).get("listings?limit=100&ordering=-created_at")
    found = draft["id"] in [row["id"] for row in (listed.json or {}).get("results", [])]
    yield judged(
        "another agency finds it in the list",
        stopped=listed.status == 200 and not found,
        succeeded=found,
        evidence=listed.summary,
    )


def own_draft(run: Run) -> None:
    """The own agency reads its draft, manager and agent alike."""
    draft = draft_of(run.caller("manager"))
    for role in ("manager", "agent"):
        works(run.caller(role).get(f"listings/{draft['id']}"))


def invisible_equals_absent(run: Run) -> Iterator[Attempt]:
    """Tell an invisible object from one that does not exist, by the answer."""
    draft = draft_of(run.caller("manager"))
    stranger = run.caller("manager", agency=1)
    there = stranger.get(f"listings/{draft['id']}")
    absent = stranger.get(f"listings/{uuid4()}")
    same = _anonymised(there.json) == _anonymised(absent.json) and there.status == absent.status
    yield judged(
        "compare a foreign draft with a random id",
        stopped=same and there.status == 404,
        succeeded=not same,
        evidence=f"{there.summary} / {absent.summary}",
    )


def found_when_visible(run: Run) -> None:
    """A published listing is found by anyone."""
    answer = run.anonymous.get(f"listings/{run.demo['listing_id']}")
    if works(answer).json["id"] != run.demo["listing_id"]:
        raise HonestUseBroken("another listing came back")


def _anonymised(document: dict | None) -> dict:
    return {name: value for name, value in (document or {}).items() if name != "request_id"}
