"""Against the proof of a key (API2): the clock, a stolen table, a pepper that is gone."""

import hashlib
import hmac
from collections.abc import Iterator
from unittest.mock import patch

from apps.apikeys.key_format import ALPHABET, checksum, generate
from apps.workshop.attempts import Attempt, HonestUseBroken, judged, works
from apps.workshop.inside import model, undone
from apps.workshop.run import Run

from .credentials import unauthorized
from .fresh import NEW_LISTING, draft_of, key_of
from .people import person


class _Clock(bytes):
    """A stored digest that notices when it is compared byte by byte, as a fine clock would."""

    told = 0

    def __eq__(self, guess: object) -> bool:
        for mine, other in zip(self, guess, strict=False):
            self.told += 1
            if mine != other:
                return False
        return True

    __hash__ = bytes.__hash__


def compared_bytes(run: Run) -> Iterator[Attempt]:
    """Learn from the time of a refusal how many bytes of a guess were right."""
    run.needs_code()
    from apps.apikeys.digest import digest, matches

    pepper, text = bytes(range(32)), generate("test").text
    right = digest(pepper, text)
    for count in (0, 1, 16, 31):
        wrong_from_here = bytes([right[count] ^ 1])
        stored = _Clock(right[:count] + wrong_from_here + right[count + 1 :])
        accepted = matches({1: pepper}, 1, text, stored)
        yield judged(
            f"{count} bytes are right",
            stopped=not accepted and stored.told == 0,
            succeeded=accepted or stored.told > 0,
            evidence=f"the clock tells {stored.told} bytes",
        )


def same_work(run: Run) -> Iterator[Attempt]:
    """Learn from the work of a refusal which key ids exist."""
    run.needs_code()
    key = run.key("manager")
    guess = key[:30] + ALPHABET[(ALPHABET.index(key[30]) + 1) % 62] + key[31:-6]
    known = _work(run, guess + checksum(guess))
    for _ in range(2):
        unknown = _work(run, generate("test").text)
        yield judged(
            "an unknown id against a wrong secret",
            stopped=unknown == known > 0,
            succeeded=unknown != known,
            evidence=f"{unknown} against {known} digests",
        )


def right_keys(run: Run) -> None:
    """The right key is taken, in either header."""
    works(run.with_key(run.key("manager")).get("me"))
    works(run.anonymous.get("me", X_API_Key=run.key("buyer", "read")))


def confirmed_key(run: Run) -> Iterator[Attempt]:
    """Confirm by a stolen table, without the pepper, that a text found elsewhere is a key."""
    run.needs_code()
    with undone():
        made = key_of(run.caller("manager"), "read")
        stored = bytes(model("apikeys.ApiKey").objects.get(pk=made["id"]).digest)
        text, domain = made["key"].encode(), b"gatehouse/api-key/v1\n"
        for what, computed in (
            ("SHA-256 of the key", hashlib.sha256(text).digest()),
            ("SHA-256 with its domain", hashlib.sha256(domain + text).digest()),
            ("HMAC with no key", hmac.digest(b"", domain + text, "sha256")),
            ("HMAC with zeros", hmac.digest(bytes(32), domain + text, "sha256")),
            ("HMAC with the number", hmac.digest(b"1", domain + text, "sha256")),
        ):
            same = computed == stored
            yield judged(
                what, stopped=not same, succeeded=same, evidence="equal" if same else "not equal"
            )


def retired_pepper(run: Run) -> Iterator[Attempt]:
    """Go on with a key whose pepper was retired, because others may know it."""
    run.needs_code()
    with undone():
        made = key_of(run.caller("manager"), "read")
        works(run.with_key(made["key"]).get("me"))
        model("apikeys.ApiKey").objects.filter(pk=made["id"]).update(pepper_id=9999)
        bearer = run.with_key(made["key"])
        yield unauthorized("as a bearer", bearer.get("me"), "unknown")
        header = run.anonymous.get("me", X_API_Key=made["key"])
        yield unauthorized("in X-API-Key", header, "unknown")


def dissolved_membership(run: Run) -> Iterator[Attempt]:
    """Keep the rights of a membership that was dissolved, with the key from before."""
    run.needs_code()
    with person(run, "manager") as someone:
        caller = run.with_key(someone.key("write"))
        draft = f"listings/{draft_of(caller)['id']}"
        model("agencies.Membership").objects.filter(user_id=someone.id).delete()
        for what, answer, status in (
            ("read a draft", caller.get(draft), 404),
            ("make a listing", caller.post("listings", NEW_LISTING), 403),
            ("publish a draft", caller.post(f"{draft}/publish"), 403),
        ):
            yield judged(
                what,
                stopped=answer.status == status,
                succeeded=200 <= answer.status < 300,
                evidence=answer.summary,
            )


def _work(run: Run, text: str) -> int:
    """How many digests a refusal of this key takes."""
    with patch("apps.apikeys.digest.hmac.digest", wraps=hmac.digest) as digests:
        answer = run.with_key(text).get("me")
    if answer.status != 401:
        raise HonestUseBroken(f"a wrong key was answered with {answer.summary}")
    return digests.call_count
