"""Object authorization (API1): the offers, profiles and keys of other people."""

from collections.abc import Iterator

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.run import Caller, Run
from apps.workshop.target import Answer

from .fresh import first_of, ids_of, key_of

_WHY = {"reason": "Whose is it?"}


def offer_on_foreign_listing(run: Run) -> Iterator[Attempt]:
    """Read, reveal and decide an offer on another agency's listing."""
    offer = first_of(run.caller("manager"), "offers")
    path, stranger = f"offers/{offer['id']}", run.caller("manager", agency=1)
    agent = run.caller("agent", agency=1)
    for what, answer in (
        ("an agent reads it", agent.get(path)),
        ("a manager reads it", stranger.get(path)),
        ("a manager accepts it", stranger.post(f"{path}/accept")),
        ("a manager rejects it", stranger.post(f"{path}/reject")),
    ):
        yield refused(f"another agency: {what}", answer, 404, "not_found")
    if run.version.has("reveal"):
        revealed = stranger.post(f"{path}/reveal", _WHY)
        yield refused("another agency: a manager reveals its buyer", revealed, 404, "not_found")
    yield _listed("another agency finds it in its list", stranger.get("offers?limit=100"), offer)


def offer_of_another_buyer(run: Run) -> Iterator[Attempt]:
    """Read and withdraw the offer of another buyer."""
    offer = first_of(run.caller("buyer"), "offers")
    path, stranger = f"offers/{offer['id']}", run.caller("buyer", agency=1)
    yield refused("another buyer reads it", stranger.get(path), 404, "not_found")
    withdrawn = stranger.post(f"{path}/withdraw")
    yield refused("another buyer withdraws it", withdrawn, 404, "not_found")
    yield _listed("another buyer finds it in the list", stranger.get("offers?limit=100"), offer)


def own_offer(run: Run) -> None:
    """The buyer and the listing's agency read the offer."""
    for role in ("buyer", "manager", "agent"):
        caller = run.caller(role)
        works(caller.get(f"offers/{first_of(caller, 'offers')['id']}"))


def foreign_profile(run: Run) -> Iterator[Attempt]:
    """Without a profile of one's own: be handed somebody's."""
    admin, caller = run.caller("platform_admin"), run.caller("auditor")
    for what, answer in (
        ("an auditor reads one", caller.get("buyer-profile")),
        ("a platform admin reads one", admin.get("buyer-profile")),
    ):
        yield refused(what, answer, 404, "not_found")
    if run.version.has("reveal"):
        for who, asking in (("an auditor", caller), ("a platform admin", admin)):
            revealed = asking.post("buyer-profile/reveal", _WHY)
            yield refused(f"{who} reveals one", revealed, 404, "not_found")
    changed = caller.patch("buyer-profile", {"phone": "+15055550199"}, If_Match="*")
    yield refused("an auditor changes one", changed, 404, "not_found")
    deleted = caller.delete("buyer-profile", If_Match="*")
    yield refused("an auditor deletes one", deleted, 404, "not_found")


def own_profile(run: Run) -> None:
    """A buyer reads the own profile."""
    works(run.caller("buyer").get("buyer-profile"))


def foreign_key(run: Run) -> Iterator[Attempt]:
    """Read, list and revoke the key of another user."""
    owner, stranger = run.caller("manager"), run.caller("manager", agency=1)
    admin = run.caller("platform_admin")
    key = key_of(owner, "read:listings")
    path = f"api-keys/{key['id']}"
    yield refused("another user reads it", stranger.get(path), 404, "not_found")
    yield refused("a platform admin reads it", admin.get(path), 404, "not_found")
    listed = stranger.get("api-keys?limit=100")
    yield _listed("another user finds it in the list", listed, key)
    yield refused("another user revokes it", stranger.delete(path), 404, "not_found")
    used = run.with_key(key["key"]).get("listings?limit=1")
    yield judged(
        "the key is dead after that",
        stopped=used.status == 200,
        succeeded=used.status == 401,
        evidence=used.summary,
    )
    owner.delete(path)


def own_key(run: Run) -> None:
    """The owner reads, lists and revokes the own key."""
    owner = run.caller("manager")
    key = key_of(owner, "read:listings")
    works(owner.get(f"api-keys/{key['id']}"))
    if not _holds(owner, key):
        raise HonestUseBroken("the own key is missing from the list")
    works(owner.delete(f"api-keys/{key['id']}"), 204)


def _holds(owner: Caller, key: dict) -> bool:
    return key["id"] in ids_of(works(owner.get("api-keys?limit=100")).json)


def _listed(what: str, answer: Answer, row: dict) -> Attempt:
    found = row["id"] in ids_of(answer.json)
    return judged(
        what,
        stopped=answer.status == 200 and not found,
        succeeded=found,
        evidence=answer.summary,
    )
