"""Erasure: begun by a thief, undone by a backup, or outlived by a key, a session or a text."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.workshop.attempts import Attempt, HonestUseBroken, judged
from apps.workshop.inside import credential_of, model, new_key, undone
from apps.workshop.run import Run

from .pages import browser, code, is_in, sign_in, somebody
from .strong import token_of, tokens

_MESSAGE = "Nobody but the seller may read this"


def without_second_factor(run: Run) -> Iterator[Attempt]:
    """Erase somebody with what can be stolen: a key, an old token, one of a password alone."""
    run.needs_code()
    with _somebody() as user, tokens() as client:
        for what, headers, status in (
            ("with a key", {"Authorization": f"Bearer {new_key(user, 'admin')}"}, 403),
            ("with a token of ten minutes ago", token_of(user, minutes=10), 401),
            ("with a token of a password", token_of(user, methods=("password",)), 401),
        ):
            answer = client.delete("/api/v2/me", headers=headers)
            yield judged(
                what,
                stopped=answer.status_code == status and not _is_gone(user),
                succeeded=_is_gone(user),
                evidence=str(answer.status_code),
            )


def with_second_factor(run: Run) -> None:
    """Whoever has just proved one is forgotten, and nobody else."""
    run.needs_code()
    with _somebody() as user, tokens() as client:
        before = model("accounts.User").objects.count()
        client.delete("/api/v2/me", headers=token_of(user))
        others = model("accounts.User").objects.filter(email__contains="@erased.invalid")
        if not _is_gone(user) or others.count() != 1:
            raise HonestUseBroken("an erasure does not erase its person alone")
        if model("accounts.User").objects.count() != before:
            raise HonestUseBroken("a row went that others point at")


def restored(run: Run) -> Iterator[Attempt]:
    """Bring an erased person back with a backup from before, and wait for the operator's replay."""
    run.needs_code()
    from apps.privacy.erasure_list import read
    from apps.privacy.replay import replay

    with _somebody() as user:
        _erased_and_restored(user)
        before = _is_gone(user)
        replay(read(settings.ERASURE_LIST))
        yield judged(
            "find the person after the replay",
            stopped=not before and _is_gone(user),
            succeeded=not _is_gone(user),
            evidence="gone" if _is_gone(user) else "back",
        )


def unnoticed(run: Run) -> Iterator[Attempt]:
    """Restore a backup from before an erasure, forget the replay, and serve."""
    run.needs_code()
    with _somebody() as user:
        _erased_and_restored(user)
        yield _served(run)


def unmounted(run: Run) -> Iterator[Attempt]:
    """Serve with a list whose storage is not mounted: after a restore nobody would be missed."""
    run.needs_code()
    from apps.privacy.erasure import erase

    with _somebody() as user:
        erase(credential_of_user(user), user.pk)
        settings.ERASURE_LIST.unlink()
        yield _served(run)


def relisted(run: Run) -> None:
    """A lost list is written anew with who was erased and nobody else, and the service is ready."""
    run.needs_code()
    from apps.privacy.erasure import erase
    from apps.privacy.erasure_list import read
    from apps.privacy.replay import enlist, unlisted

    with _somebody() as user:
        erase(credential_of_user(user), user.pk)
        before = {one.user_id for one in read(settings.ERASURE_LIST)}
        settings.ERASURE_LIST.unlink()
        enlist(unlisted())
        if {one.user_id for one in read(settings.ERASURE_LIST)} != before:
            raise HonestUseBroken("the list written anew names others than the one before")
        if run.anonymous.get("/readyz").json["parts"]["erasures"] != "ok":
            raise HonestUseBroken("a list that was written anew is still called missing")


def replayed(run: Run) -> None:
    """A replay leaves those alone who are not on the list, and then the service is ready."""
    run.needs_code()
    from apps.privacy.erasure_list import read
    from apps.privacy.replay import replay

    with _somebody() as user, _somebody() as other:
        _erased_and_restored(user)
        replay(read(settings.ERASURE_LIST))
        if _is_gone(other):
            raise HonestUseBroken("a replay erased somebody who is not on the list")
        if run.anonymous.get("/readyz").json["parts"]["erasures"] != "ok":
            raise HonestUseBroken("a replayed list is still called missing")


def living_on(run: Run) -> Iterator[Attempt]:
    """Go on with the key and the session of somebody who was erased."""
    run.needs_code()
    from apps.privacy.erasure import erase

    with _somebody() as user:
        key, visitor = new_key(user, "admin"), browser(run)
        sign_in(visitor, user)
        visitor.post("/accounts/second-factors/authenticate/", {"code": code()})
        works = run.with_key(key).get("/api/v2/me").status == 200 and is_in(visitor)
        erase(credential_of_user(user), user.pk)
        answer = run.with_key(key).get("/api/v2/me")
        yield judged(
            "use the key",
            stopped=works and answer.status == 401,
            succeeded=answer.status == 200,
            evidence=answer.summary,
        )
        inside = is_in(visitor)
        yield judged(
            "use the session",
            stopped=works and not inside,
            succeeded=inside,
            evidence="signed in" if inside else "signed out",
        )


def left_with_the_agency(run: Run) -> Iterator[Attempt]:
    """As the agency: read what the erased buyer wrote with an offer."""
    run.needs_code()
    from apps.privacy.erasure import erase

    with _somebody() as user:
        offer = _offer(run, user)
        erase(credential_of_user(user), user.pk)
        shown = run.caller("manager").get(f"/api/v2/offers/{offer.pk}")
        kept = (shown.json or {}).get("message", "")
        yield judged(
            "read the message",
            stopped=shown.status == 200 and not kept,
            succeeded=kept == _MESSAGE,
            evidence=shown.summary,
        )


def in_the_books(run: Run) -> None:
    """The offer itself stays in the agency's books."""
    run.needs_code()
    from apps.privacy.erasure import erase

    with _somebody() as user:
        offer = _offer(run, user)
        erase(credential_of_user(user), user.pk)
        shown = run.caller("manager").get(f"/api/v2/offers/{offer.pk}")
        if shown.status != 200 or shown.json["status"] != "withdrawn":
            raise HonestUseBroken("an offer went with its buyer")


def credential_of_user(user: Any) -> Any:
    """Who erases themselves."""
    from apps.access.credential import Credential, Kind

    return Credential(kind=Kind.SESSION, user_id=user.pk)


@contextmanager
def _somebody() -> Iterator[Any]:
    """A user with a second factor; what is listed meanwhile is in a file that goes with them."""
    from apps.privacy.replay import enlist, unlisted

    with tempfile.TemporaryDirectory() as directory, somebody(factor=True) as user:
        settings.ERASURE_LIST, file = Path(directory, "erasures.txt"), settings.ERASURE_LIST
        try:
            enlist(unlisted())
            yield user
        finally:
            settings.ERASURE_LIST = file


def _served(run: Run) -> Attempt:
    answer = run.anonymous.get("/readyz")
    erasures = answer.json["parts"]["erasures"]
    return judged(
        "be served as ready",
        stopped=answer.status == 503 and erasures == "failing",
        succeeded=erasures == "ok",
        evidence=erasures,
    )


def _offer(run: Run, user: Any) -> Any:
    agency = credential_of(run.user("manager")["email"]).agency_id
    home = model("listings.Listing").objects.filter(agency_id=agency).first()
    offers = model("offers.Offer").objects
    return offers.create(listing=home, buyer=user, amount=1, message=_MESSAGE)


def _erased_and_restored(user: Any) -> None:
    """What is taken back is the database as it was before: a restored backup."""
    from apps.privacy.erasure import erase

    with undone():
        erase(credential_of_user(user), user.pk)


def _is_gone(user: Any) -> bool:
    return not model("accounts.User").objects.filter(email=user.email).exists()
