"""Traces: probe for rights and try credentials without being noticed."""

from collections.abc import Callable, Iterator
from uuid import uuid4

from apps.workshop.attempts import Attempt, judged, works
from apps.workshop.inside import model, new_buyer, new_key
from apps.workshop.run import Run
from apps.workshop.target import Answer

from .fresh import NEW_LISTING

#: So many requests, and so many rows at most: a burst of 20, and one every 10 seconds.
_FLOOD, _ROWS = 60, 25
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


def unseen_input(run: Run) -> Iterator[Attempt]:
    """Try what the service takes, field by field, without leaving a trace."""
    run.needs_code()
    buyer = run.with_key(new_key(new_buyer(), "write"))
    for what, send in (
        ("a wrong query", lambda i: buyer.get("listings?limit=x", **i)),
        ("an unknown parameter", lambda i: buyer.get("me?role=manager", **i)),
        ("a wrong body", lambda i: buyer.put("buyer-profile", {"phone": "1"}, **i)),
        ("no JSON", lambda i: buyer.put("buyer-profile", b"{", **i)),
        ("a mask", lambda i: buyer.put("buyer-profile", {"phone": "••1"}, **i)),
    ):
        yield _traced(what, "input.refused", 400, send)


def planted_input(run: Run) -> Iterator[Attempt]:
    """Have a value, or a name that is one, written into the audit with the refusal."""
    run.needs_code()
    buyer = run.with_key(new_key(new_buyer(), "write"))
    planted = f"jacaranda-{uuid4().hex}"
    for what, send in (
        ("as a value", lambda i: buyer.put("buyer-profile", {"phone": planted}, **i)),
        ("as a name", lambda i: buyer.put("buyer-profile", {planted: 1}, **i)),
        ("as a name with a slash", lambda i: buyer.put("buyer-profile", {f"a/{planted}": 1}, **i)),
        ("as a parameter", lambda i: buyer.get(f"me?{planted}=1", **i)),
        ("as two parameters", lambda i: buyer.get(f"me?{planted}=1&{planted}=2", **i)),
    ):
        request_id = f"attack-{uuid4().hex}"
        answer = send({"X_Request_ID": request_id})
        traces = list(model("audit.AuditEntry").objects.filter(request_id=request_id).values())
        held = planted in str(traces)
        yield judged(
            what,
            stopped=answer.status == 400 and bool(traces) and not held,
            succeeded=held,
            evidence=f"{answer.summary}, {'in' if held else 'not in'} the audit",
        )


def flooded_audit(run: Run) -> Iterator[Attempt]:
    """Make the audit grow with every request that is refused."""
    run.needs_code()
    entries = model("audit.AuditEntry").objects.filter(verb="input.refused")
    with_key = run.with_key(new_key(new_buyer(), "read"))
    for what, caller in (("with a key", with_key), ("without one", run.anonymous)):
        before, refusals = entries.count(), 0
        for number in range(_FLOOD):
            refusals += caller.send("GET", f"listings?x{number}=1", patient=False).status == 400
        rows = entries.count() - before
        yield judged(
            f"{_FLOOD} wrong queries {what}",
            stopped=refusals > _ROWS and 0 < rows <= _ROWS,
            succeeded=rows > _ROWS,
            evidence=f"{refusals} refused, {rows} rows",
        )


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
