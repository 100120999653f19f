"""Retries (API6): send again what was answered, and hope that it is done twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.inside import model, undone
from apps.workshop.run import Caller, Run
from apps.workshop.target import Answer

from .fresh import MONEY, published_of

_MORE = {"amount": "426000.00", "currency": "USD"}


def retried_offer(run: Run) -> Iterator[Attempt]:
    """Lose the answer and send the offer again, hoping for two."""
    buyer, listing, key = _fresh(run)
    first = works(_offer(buyer, listing, key), 201)
    for what in ("send it again", "and once more"):
        again = _offer(buyer, listing, key)
        same = again.status == 201 and again.json["id"] == first.json["id"]
        yield judged(
            what,
            stopped=same and again.headers.get("idempotent-replayed") == "true",
            succeeded=again.status == 201 and not same,
            evidence=f"{again.summary}, {'the same offer' if same else 'another offer'}",
        )
    if run.version.demands:
        yield refused(
            "without a key", _offer(buyer, listing, None), 400, "idempotency_key_required"
        )
    buyer.post(f"offers/{first.json['id']}/withdraw")


def changed_retry(run: Run) -> Iterator[Attempt]:
    """Send another offer under a key that was used, and have it taken for the first."""
    buyer, listing, key = _fresh(run)
    first = works(_offer(buyer, listing, key), 201)
    for what, change in (
        ("another amount", {"amount": _MORE}),
        ("another message", {"message": "We can wait."}),
        ("another listing", {"listing": str(uuid4())}),
    ):
        answer = _offer(buyer, listing, key, **change)
        yield refused(what, answer, 422, "idempotency_key_reused")
    buyer.post(f"offers/{first.json['id']}/withdraw")


def retry_while_running(run: Run) -> Iterator[Attempt]:
    """Send it again while the first request still runs."""
    run.needs_code()
    for what, change, status, code in (
        ("the same offer", {}, 409, "request_in_progress"),
        ("another amount", {"amount": _MORE}, 422, "idempotency_key_reused"),
    ):
        with undone():
            buyer, listing, key = _fresh(run)
            works(_offer(buyer, listing, key), 201)
            _still_running(listing, key, seconds_left=60)
            answer = _offer(buyer, listing, key, **change)
            yield refused(f"{what} at the same time", answer, status, code)


def retry_after_a_crash(run: Run) -> None:
    """A process that was killed does not keep its key for ever."""
    run.needs_code()
    with undone():
        buyer, listing, key = _fresh(run)
        works(_offer(buyer, listing, key), 201)
        _still_running(listing, key, seconds_left=-1)
        works(_offer(buyer, listing, key), 201)


def single_offer(run: Run) -> None:
    """An offer is made, and a retry gets the answer that was lost."""
    buyer, listing, key = _fresh(run)
    made = works(_offer(buyer, listing, key), 201).json
    if buyer.get(f"offers/{made['id']}").status != 200:
        raise HonestUseBroken("the offer that was made is not there")
    buyer.post(f"offers/{made['id']}/withdraw")


def _fresh(run: Run) -> tuple[Caller, str, str]:
    """A buyer, a listing that nobody has bid on, and an idempotency key."""
    return run.caller("buyer"), published_of(run.caller("manager"))["id"], uuid4().hex


def _offer(buyer: Caller, on: str, key: str | None, **change: object) -> Answer:
    body = {"listing": on, "amount": MONEY, **change}
    return buyer.post("offers", body, **({"Idempotency_Key": key} if key else {}))


def _still_running(listing: str, key: str, seconds_left: int) -> None:
    """Make the first request with this key one that has not answered, nor made its offer, yet."""
    model("offers.Offer").objects.filter(listing=listing).update(status="withdrawn")
    until = datetime.now(UTC) + timedelta(seconds=seconds_left)
    first = model("idempotency.FirstAnswer").objects.filter(key=key)
    first.update(status=None, held_until=until)
