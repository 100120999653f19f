"""Traces: probe for rights and try credentials without being noticed."""

from collections.abc import Callable, Iterator
from uuid import uuid4

from apps.workshop.attempts import Attempt, judged, works
from apps.workshop.inside import model
from apps.workshop.run import Run
from apps.workshop.target import Answer

from .fresh import NEW_LISTING

_OFFER = "offers/00000000-0000-0000-0000-000000000000"


def unseen_refusal(run: Run) -> Iterator[Attempt]:
    """Probe for rights without leaving a trace."""
    run.needs_code()
    reader, agent = run.caller("manager", "read"), run.caller("agent")
    published = f"listings/{run.demo['listing_id']}"
    stranger = run.caller("buyer")
    for what, status, send in (
        ("a read key writes", 403, lambda i: reader.post("listings", NEW_LISTING, **i)),
        ("an agent decides an offer", 403, lambda i: agent.post(f"{_OFFER}/accept", **i)),
        ("a buyer edits a listing", 403, lambda i: stranger.patch(published, {}, **i)),
        ("a key comes from a page", 403, lambda i: agent.get("me", Origin="https://a.test", **i)),
    ):
        yield _traced(what, "access.refused", status, send)


def unseen_credential(run: Run) -> Iterator[Attempt]:
    """Try credentials without leaving a trace."""
    run.needs_code()
    good = run.key("buyer", "read")
    last = "1" if good[-1] != "1" else "2"
    mistyped = run.with_key(good[:-1] + last)
    foreign = run.with_key("a-token-from-elsewhere")
    for what, verb, status, send in (
        ("a mistyped key", "credential.refused", 401, lambda i: mistyped.get("me", **i)),
        ("a made-up token", "credential.refused", 401, lambda i: foreign.get("me", **i)),
        (
            "two credentials",
            "credential.refused",
            400,
            lambda i: foreign.get("me", X_API_Key=good, **i),
        ),
        (
            "a key in the URL",
            "credential.exposed",
            400,
            lambda i: run.anonymous.get(f"listings?api_key={good}", **i),
        ),
    ):
        yield _traced(what, verb, status, send)


def ordinary_refusals(run: Run) -> None:
    """Who may, does; an object that is not there is no refusal of rights."""
    works(run.caller("manager", "read").get("listings?limit=1"))
    works(run.caller("buyer", "read").get("me"))


def _traced(what: str, verb: str, status: int, send: Callable[[dict], Answer]) -> Attempt:
    request_id = f"attack-{uuid4().hex}"
    answer = send({"X_Request_ID": request_id})
    traces = model("audit.AuditEntry").objects.filter(request_id=request_id)
    verbs = sorted(traces.values_list("verb", flat=True))
    return judged(
        what,
        stopped=answer.status == status and verbs == [verb],
        succeeded=answer.status == status and not verbs,
        evidence=f"{answer.summary}, audit: {', '.join(verbs) or 'nothing'}",
    )
