"""Sales (API6): sell one house to two buyers."""

from collections.abc import Iterator
from uuid import uuid4

from django.db import IntegrityError, transaction

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.inside import model, new_buyer, new_key, undone
from apps.workshop.run import Run

from .fresh import MONEY, published_of


def two_acceptances(run: Run) -> Iterator[Attempt]:
    """Sell one house twice."""
    run.needs_code()
    with undone():
        manager = run.caller("manager")
        first, second, third = _offers_on(run, published_of(manager)["id"])
        works(manager.post(f"offers/{first}/accept"))
        for what, path in (
            ("accept another buyer's offer", f"offers/{second}/accept"),
            ("accept a third one", f"offers/{third}/accept"),
            ("reject the accepted one", f"offers/{first}/reject"),
        ):
            yield refused(what, manager.post(path), 409, "conflict")


def two_accepted_rows(run: Run) -> Iterator[Attempt]:
    """Sell one house twice from inside, past the code that knows better."""
    run.needs_code()
    offers = model("offers.Offer").objects
    with undone():
        ids = _offers_on(run, published_of(run.caller("manager"))["id"])
        offers.filter(pk=ids[0]).update(status="accepted")
        for what, change in (
            ("a second row", lambda: offers.filter(pk=ids[1]).update(status="accepted")),
            ("every row", lambda: offers.filter(pk__in=ids).update(status="accepted")),
        ):
            try:
                with transaction.atomic():
                    change()
            except IntegrityError:
                yield judged(what, stopped=True, succeeded=False, evidence="refused by the table")
            else:
                yield judged(what, stopped=False, succeeded=True, evidence="accepted twice")


def one_acceptance(run: Run) -> None:
    """One offer is accepted, and the listing is sold."""
    run.needs_code()
    with undone():
        manager = run.caller("manager")
        listing = published_of(manager)["id"]
        works(manager.post(f"offers/{_offers_on(run, listing)[0]}/accept"))
        if works(manager.get(f"listings/{listing}")).json["status"] != "sold":
            raise HonestUseBroken("the listing is not sold")


def _offers_on(run: Run, listing: str) -> list[str]:
    """Three offers of three buyers."""
    body = {"listing": listing, "amount": MONEY}
    buyers = [run.with_key(new_key(new_buyer(), "write")) for _ in range(3)]
    made = [works(b.post("offers", body, Idempotency_Key=uuid4().hex), 201) for b in buyers]
    return [answer.json["id"] for answer in made]
