"""Broken authentication (API2): keys that are guessed, altered, ended, or of a changed owner."""

import secrets
from collections.abc import Iterator

from apps.apikeys.key_format import ALPHABET, checksum
from apps.workshop.attempts import Attempt, judged, refused, works
from apps.workshop.run import Run
from apps.workshop.target import Answer

from .fresh import KEYS, NEW_LISTING, draft_of, key_of
from .people import person

#: "gh_test_", 12 of id, "_"; then 32 of secret; the last 6 are the checksum.
_MODE, _ID, _SECRET = slice(0, 8), slice(0, 21), slice(21, 53)


def wrong_secret(run: Run) -> Iterator[Attempt]:
    """Guess the secret of a known key id; the checksum is right, because anyone can compute it."""
    mine, other = run.key("manager"), run.key("manager", agency=1)
    for what, body in (
        ("a guessed secret", mine[_ID] + _random(32)),
        ("one character altered", mine[:52] + _other(mine[52])),
        ("the id of one key, the secret of another", mine[_ID] + other[_SECRET]),
        ("the secret of one key, the id of another", other[_ID] + mine[_SECRET]),
        ("an id that nobody has", f"{mine[_MODE]}{_random(12)}_{mine[_SECRET]}"),
    ):
        answer = run.with_key(body + checksum(body)).get("me")
        yield unauthorized(what, answer, "unknown")


def forged_key(run: Run) -> Iterator[Attempt]:
    """Make the service look up keys that were never issued: a query for every guess."""
    key = run.key("manager")
    for what, text in (
        ("one character of the secret altered", key[:30] + _other(key[30]) + key[31:]),
        ("one character of the checksum altered", key[:-1] + _other(key[-1])),
        ("made up", f"{key[_MODE]}{_random(12)}_{_random(38)}"),
        ("cut short", key[:-1]),
        ("extended", key + "0"),
        ("of another mode", f"gh_prod_{key[8:]}"),
    ):
        answer = run.with_key(text).get("me")
        yield unauthorized(what, answer, "checksum", gained="unknown")


def revoked_key(run: Run) -> Iterator[Attempt]:
    """Go on with a key after its owner has revoked it."""
    owner = run.caller("manager")
    key = key_of(owner, "read")
    works(run.with_key(key["key"]).get("me"))
    works(owner.delete(f"{KEYS}/{key['id']}"), 204)
    yield from _everywhere(run, key["key"], "revoked")


def expired_key(run: Run) -> Iterator[Attempt]:
    """Go on with a key whose time is over."""
    run.needs_code()
    with person(run, "agent") as someone:
        key = someone.key("read")
        works(run.with_key(key).get("me"))
        someone.let_keys_expire()
        yield from _everywhere(run, key, "expired")


def key_of_inactive_owner(run: Run) -> Iterator[Attempt]:
    """Go on with a key whose owner was switched off."""
    run.needs_code()
    with person(run, "agent") as someone:
        key = someone.key("read")
        works(run.with_key(key).get("me"))
        someone.deactivate()
        yield from _everywhere(run, key, "inactive")


def changed_role(run: Run) -> Iterator[Attempt]:
    """Keep the rights of a role that was taken away, with the key from before."""
    run.needs_code()
    here, there = run.user("manager")["email"], run.user("manager", agency=1)["email"]
    with person(run, "manager") as someone:
        caller = run.with_key(someone.key("write"))
        draft = f"listings/{draft_of(caller)['id']}"
        someone.becomes("agent", here)
        yield refused("publish as an agent", caller.post(f"{draft}/publish"), 403, "not_permitted")
        someone.becomes("manager", there)
        yield refused("read the draft from another agency", caller.get(draft), 404, "not_found")
        someone.becomes("buyer", here)
        yield refused("read the draft as a buyer", caller.get(draft), 404, "not_found")
        made = caller.post("listings", NEW_LISTING)
        yield refused("create a listing as a buyer", made, 403, "not_permitted")


def other_keys(run: Run) -> None:
    """Keys in order work, in either header, before and after another one was revoked."""
    owner = run.caller("manager")
    first, second = key_of(owner, "read"), key_of(owner, "read")
    works(owner.delete(f"{KEYS}/{first['id']}"), 204)
    works(run.with_key(second["key"]).get("me"))
    works(run.anonymous.get("me", X_API_Key=second["key"]))
    works(owner.delete(f"{KEYS}/{second['id']}"), 204)


def unauthorized(what: str, answer: Answer, reason: str, gained: str = "") -> Attempt:
    """401 for this reason stops it; a 2xx, or 401 for the reason `gained`, is success."""
    said = (answer.json or {}).get("reason", "")
    return judged(
        what,
        stopped=answer.status == 401 and answer.code == "credentials_invalid" and said == reason,
        succeeded=200 <= answer.status < 300 or (bool(gained) and said == gained),
        evidence=f"{answer.summary} {said}".strip(),
    )


def _everywhere(run: Run, key: str, reason: str) -> Iterator[Attempt]:
    bearer = run.with_key(key)
    yield unauthorized("as a bearer", bearer.get("me"), reason)
    yield unauthorized("in X-API-Key", run.anonymous.get("me", X_API_Key=key), reason)
    # A bad credential is never treated like none.
    yield unauthorized("where none is needed", bearer.get("listings?limit=1"), reason)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _other(character: str) -> str:
    return "x" if character != "x" else "y"
