"""Acts while the audit cannot be written: no audit, no act."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch
from uuid import uuid4

from django.db import DatabaseError

from apps.workshop.attempts import Attempt, judged, works
from apps.workshop.inside import model, new_buyer, new_key, undone
from apps.workshop.run import Run
from apps.workshop.target import Answer

from .fresh import KEYS, MONEY, NEW_LISTING, draft_of, published_of


def unaudited_listing(run: Run) -> Iterator[Attempt]:
    """Create a listing while the audit cannot be written."""
    run.needs_code()
    for role in ("agent", "manager"):
        with undone():
            title = uuid4().hex
            with _no_audit():
                answer = run.caller(role).post("listings", {**NEW_LISTING, "title": title})
            made = model("listings.Listing").objects.filter(title=title)
            yield _rolled_back(f"{role} creates one", answer, made.exists)


def unaudited_edit(run: Run) -> Iterator[Attempt]:
    """Change a listing while the audit cannot be written."""
    run.needs_code()
    for role in ("agent", "manager"):
        with undone():
            draft = draft_of(run.caller("agent"))
            with _no_audit():
                body = {"title": "Changed unseen"}
                answer = run.caller(role).patch(f"listings/{draft['id']}", body, If_Match="*")
            row = model("listings.Listing").objects.filter(pk=draft["id"], title=body["title"])
            yield _rolled_back(f"{role} changes one", answer, row.exists)


def unaudited_acceptance(run: Run) -> Iterator[Attempt]:
    """Accept an offer while the audit cannot be written."""
    run.needs_code()
    with undone():
        manager = run.caller("manager")
        listing = published_of(manager)["id"]
        buyer = run.with_key(new_key(new_buyer(), "write"))
        offer = {"listing": listing, "amount": MONEY}
        made = works(buyer.post("offers", offer, Idempotency_Key=uuid4().hex), 201).json
        with _no_audit():
            answer = manager.post(f"offers/{made['id']}/accept")
        accepted = model("offers.Offer").objects.filter(pk=made["id"], status="accepted")
        sold = model("listings.Listing").objects.filter(pk=listing, status="sold")
        yield _rolled_back("the offer is accepted", answer, accepted.exists)
        yield _rolled_back("the listing is sold", answer, sold.exists)


def unaudited_key(run: Run) -> Iterator[Attempt]:
    """Mint a key while the audit cannot be written."""
    run.needs_code()
    for scope in ("read", "write:offers"):
        with undone():
            name = uuid4().hex
            with _no_audit():
                body = {"name": name, "scopes": [scope]}
                answer = run.caller("buyer").post("api-keys", body)
            rows = model("apikeys.ApiKey").objects.filter(name=name)
            yield _rolled_back(f"a key with {scope}", answer, rows.exists)


def audited_acts(run: Run) -> None:
    """With a working audit each of these acts is done."""
    run.needs_code()
    with undone():
        manager = run.caller("manager")
        draft = draft_of(manager)
        works(manager.patch(f"listings/{draft['id']}", {"bedrooms": 4}, If_Match="*"))
        works(manager.post(KEYS, {"name": "made for an attack", "scopes": ["read"]}), 201)
        buyer = run.with_key(new_key(new_buyer(), "write"))
        offer = {"listing": published_of(manager)["id"], "amount": MONEY}
        made = works(buyer.post("offers", offer, Idempotency_Key=uuid4().hex), 201).json
        works(manager.post(f"offers/{made['id']}/accept"))


@contextmanager
def _no_audit() -> Iterator[None]:
    broken = DatabaseError("the disk is full")
    with patch("apps.audit.recording.insert", side_effect=broken):
        yield


def _rolled_back(what: str, answer: Answer, happened: Callable[[], bool]) -> Attempt:
    done = happened()
    return judged(
        what,
        stopped=answer.status == 500 and not done,
        succeeded=done,
        evidence=f"{answer.summary}, {'done all the same' if done else 'nothing was done'}",
    )
