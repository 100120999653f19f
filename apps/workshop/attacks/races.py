"""Races and lost updates: act on what is no longer so, or twice on what should happen once."""

from collections.abc import Callable, Iterator

from apps.core.problems import Code, Problem
from apps.workshop.attempts import Attempt, judged, refused, works
from apps.workshop.inside import credential_of, model, undone
from apps.workshop.run import Run

from .fresh import draft_of


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


def _late(what: str, act: Callable[[], object]) -> Attempt:
    try:
        act()
    except Problem as refusal:
        stopped = refusal.code is Code.PRECONDITION_FAILED
        return judged(what, stopped=stopped, succeeded=False, evidence=str(refusal.code))
    return judged(what, stopped=False, succeeded=True, evidence="done on a stale state")
