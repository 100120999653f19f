"""Races and lost updates: act on what is no longer so, or twice on what should happen once."""

from collections.abc import Callable, Iterator
from uuid import uuid4

from apps.core.problems import Code, Problem
from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.inside import credential_of, model, new_buyer, new_key, undone
from apps.workshop.run import Caller, Run
from apps.workshop.target import Answer

from .fresh import MONEY, draft_of, published_of

_MORE = {"amount": "426000.00", "currency": "USD"}


def unconditional_change(run: Run) -> Iterator[Attempt]:
    """Overwrite without having looked: no If-Match."""
    agent = run.caller("agent")
    path = f"listings/{draft_of(agent)['id']}"
    buyer = run.caller("buyer", agency=1)
    for what, answer in (
        ("change a listing", agent.patch(path, {"bedrooms": 9})),
        ("delete a listing", agent.delete(path)),
        ("change a profile", buyer.patch("buyer-profile", {"legal_name": "Overwritten"})),
    ):
        yield refused(what, answer, 428, "precondition_required")


def stale_change(run: Run) -> Iterator[Attempt]:
    """Overwrite what a colleague has changed since one looked."""
    agent, colleague = run.caller("agent"), run.caller("manager")
    path = f"listings/{draft_of(agent)['id']}"
    seen = works(agent.get(path)).headers["etag"]
    works(colleague.patch(path, {"title": "What the colleague wrote"}, If_Match=seen))
    current = works(agent.get(path)).headers["etag"]
    for what, tag in (
        ("with the tag that was seen", seen),
        ("with several old tags", f'{seen}, "0a"'),
        ("with the current tag made weak", f"W/{current}"),
        ("with a tag that was guessed", '"x"'),
    ):
        answer = agent.patch(path, {"title": "Overwritten"}, If_Match=tag)
        yield refused(f"change {what}", answer, 412, "precondition_failed")
    yield refused("delete it", agent.delete(path, If_Match=seen), 412, "precondition_failed")


def seen_change(run: Run) -> None:
    """Who has seen the current state changes it, and then deletes it."""
    agent = run.caller("agent")
    path = f"listings/{draft_of(agent)['id']}"
    seen = works(agent.get(path)).headers["etag"]
    changed = works(agent.patch(path, {"bedrooms": 4}, If_Match=seen)).headers["etag"]
    works(agent.delete(path, If_Match=changed), 204)


def stale_from_inside(run: Run) -> Iterator[Attempt]:
    """Two requests that read the same state, and both got past the check of the tag."""
    run.needs_code()
    from apps.buyers import lifecycle as profiles
    from apps.listings import lifecycle as listings

    with undone():
        by = credential_of(run.user("manager")["email"])
        row = draft_of(run.caller("manager"))["id"]
        first, second, third = (model("listings.Listing").objects.get(pk=row) for _ in range(3))
        listings.edit(by, first, {"title": "What the first wrote"})
        yield _late("change a listing", lambda: listings.edit(by, second, {"title": "Mine"}))
        yield _late("delete a listing", lambda: listings.delete(by, third))
    with undone():
        email = run.user("buyer")["email"]
        by, rows = credential_of(email), model("buyers.BuyerProfile").objects
        first, second, third = (rows.get(user__email=email) for _ in range(3))
        profiles.edit(by, first, {"legal_name": "Ana First"})
        edit = {"legal_name": "Ana Second"}
        yield _late("change a profile", lambda: profiles.edit(by, second, edit))
        yield _late("delete a profile", lambda: profiles.delete(by, third))


def retried_offer(run: Run) -> Iterator[Attempt]:
    """Lose the answer and send the offer again, hoping for two."""
    buyer, key = run.caller("buyer"), uuid4().hex
    first = works(_offer(buyer, run, key), 201)
    for what in ("send it again", "and once more"):
        again = _offer(buyer, run, key)
        same = again.status == 201 and again.json["id"] == first.json["id"]
        yield judged(
            what,
            stopped=same and again.headers.get("idempotent-replayed") == "true",
            succeeded=again.status == 201 and not same,
            evidence=f"{again.summary}, {'the same offer' if same else 'another offer'}",
        )
    yield refused("without a key", _offer(buyer, run, None), 400, "idempotency_key_required")
    buyer.post(f"offers/{first.json['id']}/withdraw")


def changed_retry(run: Run) -> Iterator[Attempt]:
    """Send another offer under a key that was used, and have it taken for the first."""
    buyer, key = run.caller("buyer", agency=1), uuid4().hex
    first = works(_offer(buyer, run, key), 201)
    for what, change in (
        ("another amount", {"amount": _MORE}),
        ("another message", {"message": "We can wait."}),
        ("another listing", {"listing": str(uuid4())}),
    ):
        answer = _offer(buyer, run, key, **change)
        yield refused(what, answer, 422, "idempotency_key_reused")
    buyer.post(f"offers/{first.json['id']}/withdraw")


def single_offer(run: Run) -> None:
    """An offer is made, and a retry gets the answer that was lost."""
    buyer, key = run.caller("buyer", agency=1), uuid4().hex
    made = works(_offer(buyer, run, key), 201).json
    if buyer.get(f"offers/{made['id']}").status != 200:
        raise HonestUseBroken("the offer that was made is not there")
    buyer.post(f"offers/{made['id']}/withdraw")


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
    from django.db import IntegrityError, transaction

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


def _offer(buyer: Caller, run: Run, key: str | None, **change: object) -> Answer:
    body = {"listing": run.demo["listing_id"], "amount": MONEY, **change}
    return buyer.post("offers", body, **({"Idempotency_Key": key} if key else {}))


def _offers_on(run: Run, listing: str) -> list[str]:
    """Three offers of three buyers."""
    body = {"listing": listing, "amount": MONEY}
    buyers = [run.with_key(new_key(new_buyer(), "write")) for _ in range(3)]
    made = [works(b.post("offers", body, Idempotency_Key=uuid4().hex), 201) for b in buyers]
    return [answer.json["id"] for answer in made]


def _late(what: str, act: Callable[[], object]) -> Attempt:
    try:
        act()
    except Problem as refusal:
        stopped = refusal.code is Code.PRECONDITION_FAILED
        return judged(what, stopped=stopped, succeeded=False, evidence=str(refusal.code))
    return judged(what, stopped=False, succeeded=True, evidence="done on a stale state")
