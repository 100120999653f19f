"""Property authorization (API3): fields that a caller may not set, or not see."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, works
from apps.workshop.run import Run
from apps.workshop.target import Answer

from .fresh import KEYS, NEW_LISTING, draft_of, published_of

_HIDDEN = ("street_address", "reserve_price")
_LONG_AGO = "2020-01-01T00:00:00Z"


def mass_assignment(run: Run) -> Iterator[Attempt]:
    """Set what the service sets: an agent names agency, status, id and times in the body."""
    agent = run.caller("agent")
    other = works(run.caller("agent", agency=1).get("/api/v2/me")).json["agency"]["id"]
    mine = draft_of(agent)
    wanted = {"status": "published", "agency": other, "id": str(uuid4()), "created_at": _LONG_AGO}
    for name, value in {**wanted, "is_admin": True}.items():
        made = agent.post("listings", {**NEW_LISTING, name: value})
        yield _set_aside(f"create a listing with {name}", made, name, value)
    for name, value in {**wanted, "agency_id": other, "version": 9}.items():
        path = f"listings/{mine['id']}"
        changed = agent.patch(path, {name: value}, If_Match="*")
        yield _set_aside(f"change {name} of a listing", changed, name, value)
    key = {"name": "made for an attack", "scopes": ["read"], "tier": "internal"}
    if run.version.has("api-keys"):
        minted = agent.post(KEYS, key)
        yield _set_aside("make a key with a better tier", minted, "tier", "internal")


def plain_fields(run: Run) -> None:
    """The fields that a caller may set are taken."""
    agent = run.caller("agent")
    path = f"listings/{draft_of(agent)['id']}"
    if works(agent.patch(path, {"bedrooms": 4}, If_Match="*")).json["bedrooms"] != 4:
        raise HonestUseBroken("the change was not taken")


def internal_fields(run: Run) -> Iterator[Attempt]:
    """Find the street address and the reserve price of another agency's published listing."""
    owner = run.caller("manager")
    path = f"listings/{published_of(owner)['id']}"
    callers = {
        "anyone": run.anonymous,
        "a buyer": run.caller("buyer"),
        "an agent of another agency": run.caller("agent", agency=1),
        "a manager of another agency": run.caller("manager", agency=1),
        "a platform admin": run.caller("platform_admin"),
    }
    for who, caller in callers.items():
        yield _without(f"{who} reads it", caller.get(path), lambda document: [document])
        listed = caller.get("listings?limit=100&ordering=-created_at&city=Cañon%20City")
        yield _without(f"{who} lists it", listed, lambda page: _foreign(page, path))
    owner.delete(path, If_Match="*")


def own_internal_fields(run: Run) -> None:
    """The own agency sees both fields, manager and agent alike."""
    path = f"listings/{draft_of(run.caller('manager'))['id']}"
    for role in ("manager", "agent"):
        seen = works(run.caller(role).get(path)).json
        if not all(seen.get(name) for name in _HIDDEN):
            raise HonestUseBroken(f"a {role} misses a field of the own listing")


def _set_aside(what: str, answer: Answer, name: str, value: Any) -> Attempt:
    document = answer.json or {}
    codes = {error["pointer"]: error["code"] for error in document.get("errors", [])}
    taken = 200 <= answer.status < 300 and document.get(name.removesuffix("_id")) == value
    return judged(
        what,
        stopped=answer.status == 400 and codes.get(f"/{name}") in ("read_only", "unknown_field"),
        succeeded=taken,
        evidence=f"{answer.summary} {' '.join(codes.values())}".strip(),
    )


def _without(what: str, answer: Answer, rows_of: Any) -> Attempt:
    rows = rows_of(answer.json or {})
    shown = sorted({name for row in rows for name in _HIDDEN if name in row})
    return judged(
        what,
        stopped=answer.status == 200 and bool(rows) and not shown,
        succeeded=bool(shown),
        evidence=f"{answer.summary} {' '.join(shown)}".strip(),
    )


def _foreign(page: dict, path: str) -> list[dict]:
    return [row for row in page.get("results", []) if path.endswith(row["id"])]
