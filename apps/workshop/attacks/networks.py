"""Keys that are bound to networks, used from elsewhere (API2)."""

from collections.abc import Iterator

from apps.workshop.attempts import Attempt, works
from apps.workshop.run import Run

from .credentials import unauthorized
from .fresh import KEYS, key_of

#: Documentation networks (RFC 5737, RFC 3849): no caller ever has such an address.
_ELSEWHERE = ["203.0.113.0/24", "2001:db8::/32"]
_INSIDE = "203.0.113.7"


def key_from_elsewhere(run: Run) -> Iterator[Attempt]:
    """Use a stolen key outside the networks that it is bound to."""
    owner = run.caller("manager")
    far, near = (
        key_of(owner, "read", networks=_ELSEWHERE),
        key_of(owner, "read", networks=[_own(run)]),
    )
    bearer, key = run.with_key(far["key"]), far["key"]
    yield unauthorized("as a bearer", bearer.get("me"), "network")
    yield unauthorized("in X-API-Key", run.anonymous.get("me", X_API_Key=key), "network")
    yield unauthorized("where none is needed", bearer.get("listings?limit=1"), "network")
    neighbour = f"{run.source.rpartition('.')[0]}.3"
    next_door = run.sending({"X-API-Key": near["key"]}, neighbour)
    yield unauthorized("from the address next door", next_door.get("me"), "network")
    for made in (far, near):
        owner.delete(f"{KEYS}/{made['id']}")


def forwarded_address(run: Run) -> Iterator[Attempt]:
    """Claim an address inside the key's network in a header that only a proxy may write."""
    owner = run.caller("manager")
    key = key_of(owner, "read", networks=_ELSEWHERE)
    for what, headers in (
        ("X-Forwarded-For", {"X-Forwarded-For": _INSIDE}),
        ("X-Forwarded-For with a tail", {"X-Forwarded-For": f"{run.source}, {_INSIDE}"}),
        ("X-Forwarded-For with a head", {"X-Forwarded-For": f"{_INSIDE}, {run.source}"}),
        ("X-Real-IP", {"X-Real-IP": _INSIDE}),
        ("Forwarded", {"Forwarded": f"for={_INSIDE}"}),
        ("an address of version 6", {"X-Forwarded-For": "2001:db8::7"}),
    ):
        claims = run.sending({"X-API-Key": key["key"], **headers})
        yield unauthorized(what, claims.get("me"), "network")
    owner.delete(f"{KEYS}/{key['id']}")


def key_at_home(run: Run) -> None:
    """A bound key works from inside its network, whatever the caller claims."""
    owner = run.caller("manager")
    key = key_of(owner, "read", networks=[_own(run)])
    works(run.with_key(key["key"]).get("me"))
    works(owner.delete(f"{KEYS}/{key['id']}"), 204)


def _own(run: Run) -> str:
    return f"{run.source}/32"
