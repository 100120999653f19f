"""Escalation by changing a key or by claiming a second factor (API5)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from apps.workshop.attempts import Attempt, Ending, judged, refused, works
from apps.workshop.inside import credential_of, model, undone
from apps.workshop.run import Run

from .fresh import KEYS, key_of
from .rotating import denied


def widened_key(run: Run) -> Iterator[Attempt]:
    """Widen a key that is in use already, where making a new one would be noticed."""
    owner = run.caller("manager")
    key = key_of(owner, "read:offers", networks=[f"{run.source}/32"])
    path = f"{KEYS}/{key['id']}"
    for what, change in (
        ("another resource", {"scopes": ["read:offers", "read:listings"]}),
        ("another level", {"scopes": ["write:offers"]}),
        ("an admin scope", {"scopes": ["admin:keys"]}),
        ("any network", {"networks": []}),
        ("another network", {"networks": [f"{run.source}/32", "203.0.113.0/24"]}),
        ("a longer life", {"expires_at": "2099-01-01T00:00:00Z"}),
    ):
        yield refused(what, owner.patch(path, change), 403, "not_permitted")
    owner.delete(path)


def narrowed_key(run: Run) -> None:
    """A key is narrowed, and then it may do less."""
    owner = run.caller("manager")
    key = key_of(owner, "read")
    path = f"{KEYS}/{key['id']}"
    works(owner.patch(path, {"scopes": ["read:listings"], "name": "narrow"}))
    works(run.with_key(key["key"]).get("listings?limit=1"))
    works(run.with_key(key["key"]).get("offers"), 403)
    works(owner.delete(path), 204)


def widened_in_two_steps(run: Run) -> Iterator[Attempt]:
    """Two changes at one moment, each narrower than the key was, together wider than it is."""
    run.needs_code()
    from apps.apikeys.narrowing import edit

    with undone():
        by = credential_of(run.user("manager")["email"])
        key = key_of(run.caller("manager"), "write")
        first, second = (model("apikeys.ApiKey").objects.get(pk=key["id"]) for _ in range(2))
        edit(by, first, {"scopes": ["read:listings"], "networks": ["10.0.0.0/8"]})
        # What was read before the first change still says that these are no widening.
        for what, wanted in (("scopes", ["write:offers"]), ("networks", ["192.0.2.0/24"])):
            late = denied(what, lambda w=what, v=wanted: edit(by, second, {w: v}), "not_permitted")
            now = model("apikeys.ApiKey").objects.get(pk=key["id"])
            yield judged(
                f"{what} within those from before",
                stopped=late.ending is Ending.STOPPED,
                succeeded=getattr(now, what) == wanted,
                evidence=late.evidence,
            )


def stale_second_factor(run: Run) -> Iterator[Attempt]:
    """At a page or with a token: make an admin key without a second factor of this moment."""
    run.needs_code()
    from apps.access.credential import Kind
    from apps.access.scopes import Scope
    from apps.apikeys.lifecycle import create

    now = datetime.now(UTC)
    strong, password = ("password", "totp"), ("password",)
    with undone():
        known = credential_of(run.user("manager")["email"])
        person = replace(known, kind=Kind.TOKEN, scopes=frozenset({Scope.ADMIN}))
        for what, methods, at, kind in (
            ("proved ten minutes ago", strong, now - timedelta(minutes=10), Kind.TOKEN),
            ("at a page, an hour ago", strong, now - timedelta(hours=1), Kind.SESSION),
            ("to be proved", strong, now + timedelta(minutes=5), Kind.TOKEN),
            ("never proved", password, now, Kind.SESSION),
            ("nothing known of it", (), None, Kind.SESSION),
        ):
            by = replace(person, kind=kind, methods=methods, authenticated_at=at)
            new = {"user_id": by.user_id, "name": "made for an attack", "scopes": [Scope.ADMIN]}
            code = "second_factor_required"
            yield denied(what, lambda by=by, new=new: create(by, **new), code)


def fresh_second_factor(run: Run) -> None:
    """Who has just proved one makes an admin key, at a page and with a token."""
    run.needs_code()
    from apps.access.credential import Kind
    from apps.access.scopes import Scope
    from apps.apikeys.lifecycle import create

    with undone():
        known = credential_of(run.user("manager")["email"])
        for kind in (Kind.SESSION, Kind.TOKEN):
            by = replace(
                known,
                kind=kind,
                scopes=frozenset({Scope.ADMIN}),
                methods=("password", "webauthn"),
                authenticated_at=datetime.now(UTC) - timedelta(minutes=9),
            )
            create(by, user_id=by.user_id, name="made for an attack", scopes=[Scope.ADMIN_KEYS])
