"""Object authorization (API1): the listings of others, by their ids."""

from collections.abc import Iterator
from uuid import uuid4

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.run import Run

from .fresh import draft_of, ids_of, published_of


def foreign_draft(run: Run) -> Iterator[Attempt]:
    """Read and list the draft of another agency, by its id."""
    draft = draft_of(run.caller("manager"))
    path = f"listings/{draft['id']}"
    for role in ("manager", "agent", "buyer"):
        stranger = run.caller(role, agency=1)
        yield refused(f"a {role} of another agency reads it", stranger.get(path), 404, "not_found")
    yield refused("anyone reads it", run.anonymous.get(path), 404, "not_found")
    listed = run.caller("manager", agency=1).get("listings?limit=100&ordering=-created_at")
    found = draft["id"] in ids_of(listed.json)
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
    there, absent = f"listings/{draft['id']}", f"listings/{uuid4()}"
    for what, method, below, body in (
        ("read", "GET", "", None),
        ("change", "PATCH", "", {"title": "Taken over"}),
        ("delete", "DELETE", "", None),
        ("publish", "POST", "/publish", None),
    ):
        seen = stranger.send(method, there + below, body, If_Match="*")
        unseen = stranger.send(method, absent + below, body, If_Match="*")
        same = (seen.status, _timeless(seen.json)) == (unseen.status, _timeless(unseen.json))
        yield judged(
            f"{what} a foreign draft, and a random id",
            stopped=same and seen.status == 404,
            succeeded=not same,
            evidence=f"{seen.summary} / {unseen.summary}",
        )


def found_when_visible(run: Run) -> None:
    """A published listing is found by anyone."""
    answer = run.anonymous.get(f"listings/{run.demo['listing_id']}")
    if works(answer).json["id"] != run.demo["listing_id"]:
        raise HonestUseBroken("another listing came back")


def foreign_write(run: Run) -> Iterator[Attempt]:
    """Change, take back, show and delete a listing that is visible but another agency's."""
    owner = run.caller("manager")
    path = f"listings/{published_of(owner)['id']}"
    stranger, agent = run.caller("manager", agency=1), run.caller("agent", agency=1)
    for what, answer in (
        ("an agent changes its title", agent.patch(path, {"title": "Taken"}, If_Match="*")),
        ("a manager changes its price", stranger.patch(path, _CHEAP, If_Match="*")),
        ("a manager takes it back", stranger.post(f"{path}/withdraw")),
        ("a manager publishes it again", stranger.post(f"{path}/publish")),
        ("a manager deletes it", stranger.delete(path, If_Match="*")),
    ):
        yield refused(f"another agency: {what}", answer, 403, "not_permitted")
    owner.delete(path, If_Match="*")


def own_write(run: Run) -> None:
    """The own agency changes, takes back and deletes its listing."""
    owner = run.caller("manager")
    path = f"listings/{published_of(owner)['id']}"
    works(run.caller("agent").patch(path, {"title": "Corrected"}, If_Match="*"))
    works(owner.post(f"{path}/withdraw"))
    works(owner.delete(path, If_Match="*"), 204)


_CHEAP = {"price": {"amount": "1.00", "currency": "USD"}, "reserve_price": None}


def _timeless(document: dict | None) -> dict:
    return {name: value for name, value in (document or {}).items() if name != "request_id"}
