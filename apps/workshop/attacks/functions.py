"""Function authorization (API5): what a role or a scope does not allow."""

from collections.abc import Iterator

from apps.workshop.attempts import Attempt, judged, refused, works
from apps.workshop.run import Run
from apps.workshop.target import Answer

from .fresh import KEYS, NEW_LISTING, draft_of, first_of, key_of, published_of

_WHY = {"reason": "Whose is it?"}
_TITLE = {"title": "Changed by a key that may only read"}


def wrong_role(run: Run) -> Iterator[Attempt]:
    """Do what another role may do, with a key that has every scope."""
    manager, agent, buyer = run.caller("manager"), run.caller("agent"), run.caller("buyer")
    draft, shown = f"listings/{draft_of(agent)['id']}", f"listings/{published_of(manager)['id']}"
    offer = f"offers/{first_of(agent, 'offers')['id']}"
    for what, answer in (
        ("a buyer creates a listing", buyer.post("listings", NEW_LISTING)),
        ("an auditor creates a listing", run.caller("auditor").post("listings", NEW_LISTING)),
        ("an auditor reads offers", run.caller("auditor").get("offers")),
        ("a manager makes an offer", manager.post("offers", {})),
        ("an agent publishes a listing", agent.post(f"{draft}/publish")),
        ("an agent withdraws a listing", agent.post(f"{shown}/withdraw")),
        ("an agent accepts an offer", agent.post(f"{offer}/accept")),
    ):
        yield refused(what, answer, 403, "not_permitted")
    if run.version.has("reveal"):
        revealed = agent.post(f"{offer}/reveal", _WHY)
        yield refused("an agent reveals a buyer", revealed, 403, "not_permitted")
    manager.delete(shown, If_Match="*")


def right_role(run: Run) -> None:
    """Agents write listings, managers publish them, buyers read their offers."""
    manager = run.caller("manager")
    works(manager.post(f"listings/{draft_of(run.caller('agent'))['id']}/publish"))
    works(run.caller("buyer").get("offers"))


def wrong_level(run: Run) -> Iterator[Attempt]:
    """Write with a key that may read, and manage keys with one that may write."""
    path = f"listings/{draft_of(run.caller('manager'))['id']}"
    reader, writer = run.caller("manager", "read"), run.caller("manager", "write")
    buyer, key = run.caller("buyer", "read"), {"name": "made for an attack", "scopes": ["read"]}
    for what, answer, scope in (
        ("read: create a listing", reader.post("listings", NEW_LISTING), "write:listings"),
        ("read: change it", reader.patch(path, _TITLE, If_Match="*"), "write:listings"),
        ("read: publish it", reader.post(f"{path}/publish"), "write:listings"),
        ("read: change a profile", buyer.patch("buyer-profile", {}), "write:profile"),
        ("read: make an offer", buyer.post("offers", {}), "write:offers"),
        ("read: delete it", reader.delete(path, If_Match="*"), "write:listings"),
    ):
        yield _insufficient(what, answer, scope)
    if run.version.has("api-keys"):
        yield _insufficient("write: list the keys", writer.get(KEYS), "admin:keys")
        yield _insufficient("write: make a key", writer.post(KEYS, key), "admin:keys")


def right_level(run: Run) -> None:
    """A read key reads, a write key writes, an admin key manages keys."""
    works(run.caller("buyer", "read").get("offers"))
    draft_of(run.caller("manager", "write"))
    works(run.caller("manager").get(KEYS))


def narrowed_scopes(run: Run) -> Iterator[Attempt]:
    """Leave the one resource that a key was narrowed to."""
    owner = run.caller("manager")
    offers, listings = key_of(owner, "read:offers"), key_of(owner, "write:listings")
    narrow, other = run.with_key(offers["key"]), run.with_key(listings["key"])
    for what, answer, scope in (
        ("read:offers reads listings", narrow.get("listings"), "read:listings"),
        ("read:offers reads profiles", narrow.get("buyer-profile"), "read:profile"),
        ("read:offers writes listings", narrow.post("listings", NEW_LISTING), "write:listings"),
        ("write:listings reads offers", other.get("offers"), "read:offers"),
    ):
        yield _insufficient(what, answer, scope)
    if run.version.has("api-keys"):
        yield _insufficient("read:offers lists keys", narrow.get(KEYS), "admin:keys")
        yield _insufficient("write:listings lists keys", other.get(KEYS), "admin:keys")
    for key in (offers, listings):
        owner.delete(f"{KEYS}/{key['id']}")


def within_scopes(run: Run) -> None:
    """A narrowed key does what it was made for."""
    owner = run.caller("manager")
    offers, listings = key_of(owner, "read:offers"), key_of(owner, "write:listings")
    works(run.with_key(offers["key"]).get("offers"))
    draft_of(run.with_key(listings["key"]))
    for key in (offers, listings):
        works(owner.delete(f"{KEYS}/{key['id']}"), 204)


def no_credential(run: Run) -> Iterator[Attempt]:
    """Call protected routes without any credential."""
    caller, listing = run.anonymous, f"listings/{run.demo['listing_id']}"
    for what, method, path, body in (
        ("read offers", "GET", "offers", None),
        ("read the headers of offers", "HEAD", "offers", None),
        ("change a profile", "PATCH", "buyer-profile", {}),
        ("read a profile", "GET", "buyer-profile", None),
        ("create a listing", "POST", "listings", NEW_LISTING),
        ("withdraw a listing", "POST", f"{listing}/withdraw", None),
        ("delete a listing", "DELETE", listing, None),
    ):
        answer = caller.send(method, path, body)
        code = "credentials_missing" if method != "HEAD" else ""
        yield refused(what, answer, 401, code)


def open_routes(run: Run) -> None:
    """Published listings need no credential; offers open with one."""
    works(run.anonymous.get("listings?limit=1"))
    works(run.caller("buyer", "read").get("offers"))


def _insufficient(what: str, answer: Answer, scope: str) -> Attempt:
    named = f'scope="{scope}"' in answer.headers.get("www-authenticate", "")
    return judged(
        what,
        stopped=answer.status == 403 and answer.code == "insufficient_scope" and named,
        succeeded=200 <= answer.status < 300,
        evidence=answer.summary,
    )
