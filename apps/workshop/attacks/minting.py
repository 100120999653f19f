"""Escalation by making keys (API5): wider, stronger, from further away."""

from collections.abc import Iterator
from typing import Any

from apps.workshop.attempts import Attempt, judged, refused, works
from apps.workshop.run import Caller, Run
from apps.workshop.target import Answer

from .fresh import key_of
from .people import person


def wider_scopes(run: Run) -> Iterator[Attempt]:
    """With a narrow key that may manage keys: make one that may do more."""
    run.needs_code()
    with person(run, "agent") as someone:
        maker = run.with_key(someone.key("admin:keys", "read:listings"))
        for scopes in ("write:listings", "read:offers", "read", "write", "read:listings write"):
            answer = _mint(maker, scopes=scopes.split())
            yield refused(f"a key with {scopes}", answer, 403, "not_permitted")


def no_wider_scopes(run: Run) -> None:
    """The narrow key makes keys as narrow as itself."""
    run.needs_code()
    with person(run, "agent") as someone:
        maker = run.with_key(someone.key("admin:keys", "read:listings"))
        key = key_of(maker, "read:listings")
        works(run.with_key(key["key"]).get("listings?limit=1"))


def admin_scopes(run: Run) -> Iterator[Attempt]:
    """With a key alone, without a second factor: make a key with an admin scope."""
    maker = run.caller("manager")
    for scopes in ("admin", "admin:keys", "read admin:offers"):
        answer = _mint(maker, scopes=scopes.split())
        yield refused(f"a key with {scopes}", answer, 403, "second_factor_required")


def plain_scopes(run: Run) -> None:
    """A key makes keys that read and write."""
    maker = run.caller("manager")
    key = key_of(maker, "write:listings", "read")
    works(run.with_key(key["key"]).get("me"))
    works(maker.delete(f"api-keys/{key['id']}"), 204)


def wider_networks(run: Run) -> Iterator[Attempt]:
    """With a key that is bound to one address: make one that works from anywhere."""
    run.needs_code()
    own = f"{run.source}/32"
    with person(run, "agent") as someone:
        maker = run.with_key(someone.key("admin:keys", "read", networks=[own]))
        for networks in (["0.0.0.0/0"], ["127.0.0.0/8"], [own, "203.0.113.0/24"], ["::/0"]):
            answer = _mint(maker, scopes=["read"], networks=networks)
            yield refused(f"a key for {' '.join(networks)}", answer, 403, "not_permitted")
        silent = _mint(maker, scopes=["read"])
        yield judged(
            "a key whose networks are left to the service",
            stopped=silent.status == 201 and silent.json["networks"] == [own],
            succeeded=silent.status == 201 and silent.json["networks"] != [own],
            evidence=silent.summary,
        )


def own_network(run: Run) -> None:
    """The bound key makes one that is bound to the same address."""
    run.needs_code()
    own = f"{run.source}/32"
    with person(run, "agent") as someone:
        maker = run.with_key(someone.key("admin:keys", "read", networks=[own]))
        works(run.with_key(key_of(maker, "read", networks=[own])["key"]).get("me"))


def _mint(maker: Caller, **fields: Any) -> Answer:
    return maker.post("api-keys", {"name": "made for an attack", **fields})
