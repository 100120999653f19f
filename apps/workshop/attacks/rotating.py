"""Rotation misused (API2, API5): to climb, to stay, to revive, to multiply."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.workshop.attempts import Attempt, judged, refused, works
from apps.workshop.inside import credential_of, model, undone
from apps.workshop.run import Run

from .credentials import unauthorized
from .fresh import KEYS, key_of
from .people import person


def wider_key(run: Run) -> Iterator[Attempt]:
    """With a narrow key that may manage keys: be handed the successor of a wider one."""
    run.needs_code()
    own, far = f"{run.source}/32", "203.0.113.0/24"
    with person(run, "agent") as someone:
        maker = run.with_key(someone.key("admin:keys", "read:listings", networks=[own]))
        for what, scopes, fields in (
            ("with an admin scope", "admin", {"networks": [own]}),
            ("that writes", "write:listings", {"networks": [own]}),
            ("of another resource", "read:offers", {"networks": [own]}),
            ("for another network", "read:listings", {"networks": [far]}),
            ("for any network", "read:listings", {}),
            ("of a higher tier", "read:listings", {"networks": [own], "tier": "internal"}),
        ):
            someone.key(scopes, **fields)
            answer = maker.post(f"{KEYS}/{_newest(someone.id)}/rotate", {"compromised": True})
            yield refused(f"a key {what}", answer, 403, "not_permitted")


def own_keys(run: Run) -> None:
    """A key rotates itself, and a sibling that is as wide; both keys work for the overlap."""
    run.needs_code()
    with person(run, "agent") as someone:
        maker = run.with_key(someone.key("admin:keys", "read:listings"))
        sibling = key_of(maker, "read:listings")
        successor = works(maker.post(f"{KEYS}/{sibling['id']}/rotate"), 201).json
        for key in (sibling["key"], successor["key"]):
            works(run.with_key(key).get("listings?limit=1"))
        own = works(maker.get("me")).json["credential"]["id"]
        works(maker.post(f"{KEYS}/{own}/rotate", {"overlap_seconds": 60}), 201)


def compromised_key(run: Run) -> Iterator[Attempt]:
    """Go on with a stolen key after its owner rotated it as compromised."""
    owner = run.caller("manager")
    for what, body in (
        ("compromised", {"compromised": True}),
        ("no overlap", {"overlap_seconds": 0}),
    ):
        key = key_of(owner, "read")
        works(run.with_key(key["key"]).get("me"))
        works(owner.post(f"{KEYS}/{key['id']}/rotate", body), 201)
        bearer = run.with_key(key["key"])
        yield unauthorized(f"{what}: as a bearer", bearer.get("me"), "revoked")
        header = run.anonymous.get("me", X_API_Key=key["key"])
        yield unauthorized(f"{what}: in X-API-Key", header, "revoked")
        yield unauthorized(f"{what}: where none is needed", bearer.get("listings"), "revoked")


def endless_overlap(run: Run) -> Iterator[Attempt]:
    """Keep an old key alive beside its successor for longer than a change-over takes."""
    owner = run.caller("manager")
    for what, seconds in (("a second too long", 86_401), ("a month", 2_592_000)):
        key = key_of(owner, "read")
        answer = owner.post(f"{KEYS}/{key['id']}/rotate", {"overlap_seconds": seconds})
        yield refused(f"an overlap of {what}", answer, 400, "validation_failed")
        owner.delete(f"{KEYS}/{key['id']}")


def whole_overlap(run: Run) -> None:
    """An overlap of a whole day is granted."""
    owner = run.caller("manager")
    key = key_of(owner, "read")
    works(owner.post(f"{KEYS}/{key['id']}/rotate", {"overlap_seconds": 86_400}), 201)
    works(run.with_key(key["key"]).get("me"))


def revived_key(run: Run) -> Iterator[Attempt]:
    """Get a working key out of one that has ended, by rotating it."""
    run.needs_code()
    with person(run, "agent") as someone:
        maker = run.with_key(someone.key("admin:keys", "read"))
        revoked = key_of(maker, "read")
        works(maker.delete(f"{KEYS}/{revoked['id']}"), 204)
        expired = key_of(maker, "read")
        _let_expire(expired["id"])
        for what, key in (("revoked", revoked), ("expired", expired)):
            answer = maker.post(f"{KEYS}/{key['id']}/rotate")
            yield refused(f"rotate a key that was {what}", answer, 409, "conflict")


def second_successor(run: Run) -> Iterator[Attempt]:
    """Make several keys out of one: rotate it again, and from requests that read it before."""
    run.needs_code()
    from apps.apikeys.rotation import rotate

    with undone():
        owner = run.caller("manager")
        key = key_of(owner, "read")
        by = credential_of(run.user("manager")["email"])
        first, second = (model("apikeys.ApiKey").objects.get(pk=key["id"]) for _ in range(2))
        rotate(by, first)
        again = owner.post(f"{KEYS}/{key['id']}/rotate")
        yield refused("once more over the API", again, 409, "conflict")
        yield denied("from a request that read it before", lambda: rotate(by, second))


def ended_maker(run: Run) -> Iterator[Attempt]:
    """With a key that is being revoked: slip out with another one in the same moment."""
    run.needs_code()
    from apps.apikeys.authentication import resolve
    from apps.apikeys.lifecycle import create, revoke
    from apps.apikeys.rotation import rotate

    with undone(), person(run, "agent") as someone:
        running = resolve(someone.key("admin"), run.source)
        own = model("apikeys.ApiKey").objects.get(pk=running.id)
        someone.key("read")
        sibling = model("apikeys.ApiKey").objects.get(pk=_newest(someone.id))
        revoke(credential_of(run.user("manager")["email"]), own)
        new = {"user_id": someone.id, "name": "made for an attack", "scopes": ["read"]}
        yield denied("make one", lambda: create(running, **new), "credentials_invalid")
        yield denied("rotate a sibling", lambda: rotate(running, sibling), "credentials_invalid")
        yield denied("rotate itself", lambda: rotate(running, own))


def _newest(user_id: Any) -> str:
    keys = model("apikeys.ApiKey").objects.filter(user_id=user_id)
    return str(keys.order_by("-created_at", "-pk").first().pk)


def _let_expire(key_id: str) -> None:
    ended = datetime.now(UTC) - timedelta(hours=1)
    rows = model("apikeys.ApiKey").objects.filter(pk=key_id)
    rows.update(created_at=ended - timedelta(days=1), expires_at=ended)


def denied(what: str, act: Callable[[], object], code: str = "conflict") -> Attempt:
    from apps.core.problems import Problem

    try:
        act()
    except Problem as problem:
        return judged(what, stopped=problem.code == code, succeeded=False, evidence=problem.code)
    return judged(what, stopped=False, succeeded=True, evidence="it was done")
