"""Masked values (API3): personal data in clear, and masks that overwrite it."""

from collections.abc import Iterator
from typing import Any

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.run import Caller, Run
from apps.workshop.target import Answer

from .fresh import MONEY, first_of

_MASK = "•"


def buyer_behind_offer(run: Run) -> Iterator[Attempt]:
    """Learn who a buyer is from the offers that an agency sees."""
    for role, level in (("manager", "read"), ("manager", "admin"), ("agent", "admin")):
        caller = run.caller(role, level)
        listed = caller.get("offers?limit=100")
        rows = (listed.json or {}).get("results", [])
        yield _masked(f"{role}, {level} key: list them", listed, [row["buyer"] for row in rows])
    offer = caller.get(f"offers/{first_of(caller, 'offers')['id']}")
    yield _masked("an agent reads one", offer, [(offer.json or {}).get("buyer")])


def revealed_buyer(run: Run) -> None:
    """A manager reveals the buyer of an offer, for a stated reason."""
    manager = run.caller("manager")
    path = f"offers/{first_of(manager, 'offers')['id']}/reveal"
    buyer = works(manager.post(f"/api/v2/{path}", {"reason": "Closing the sale"})).json["buyer"]
    if not buyer.get("phone") or _MASK in buyer["legal_name"]:
        raise HonestUseBroken("a revealed buyer is masked")


def own_profile_in_clear(run: Run) -> Iterator[Attempt]:
    """With a stolen key of a buyer: read the profile in clear without a recorded reveal."""
    for level in ("read", "write", "admin"):
        answer = run.caller("buyer", level).get("buyer-profile")
        yield _masked(f"read it with key {level}", answer, [answer.json])
    changed = run.caller("buyer").patch("buyer-profile", {}, If_Match="*")
    yield _masked("a change shows it", changed, [changed.json])


def revealed_profile(run: Run) -> None:
    """A buyer reveals the own profile, for a stated reason."""
    if _MASK in str(_revealed(run.caller("buyer"))):
        raise HonestUseBroken("a revealed profile is masked")


def masked_value(run: Run) -> Iterator[Attempt]:
    """Let a careless client overwrite real values with the masks that it was shown."""
    buyer = run.caller("buyer")
    shown = works(buyer.get("buyer-profile")).json
    values = {name: value for name, value in shown.items() if not name.endswith("_at")}
    for name, value in values.items():
        changed = buyer.patch("buyer-profile", {name: value}, If_Match="*")
        yield refused(f"{name} is sent back", changed, 400, "masked_value")
    replaced = buyer.put("buyer-profile", values, If_Match="*")
    yield refused("the whole profile is sent back", replaced, 400, "masked_value")
    if run.version.has("annual_income"):
        nested = {"annual_income": {**MONEY, "amount": values["annual_income"]}}
        changed = buyer.patch("buyer-profile", nested, If_Match="*")
        yield refused("a mask inside an amount", changed, 400, "masked_value")


def real_value(run: Run) -> None:
    """A buyer sends the real name."""
    buyer = run.caller("buyer")
    name = _revealed(buyer)["legal_name"]
    works(buyer.patch("buyer-profile", {"legal_name": name}, If_Match="*"))


def _masked(what: str, answer: Answer, people: list[dict | None]) -> Attempt:
    values = [str(value) for person in people for value in _personal(person or {})]
    clear = [value for value in values if value and _MASK not in value]
    return judged(
        what,
        stopped=answer.status == 200 and bool(values) and not clear,
        succeeded=bool(clear),
        evidence=f"{answer.summary}: {len(clear)} of {len(values)} in clear",
    )


def _personal(person: dict) -> list[Any]:
    return [v for name, v in person.items() if name != "id" and not name.endswith("_at")]


def _revealed(buyer: Caller) -> dict:
    return works(buyer.post("/api/v2/buyer-profile/reveal", {"reason": "To check it"})).json
