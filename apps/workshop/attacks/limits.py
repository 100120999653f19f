"""Limits (API4, API2): ask more often than anyone should, and look for who pays."""

import time
from collections.abc import Iterator

from apps.apikeys.key_format import generate
from apps.workshop.attempts import Attempt, judged, works
from apps.workshop.run import Run

from .flood import ANONYMOUS, FREE, PAGES, SEARCH, Bucket, flood, get, limited, placed
from .fresh import KEYS, key_of

_HEADERS = ("ratelimit-policy", "ratelimit", "x-ratelimit-limit", "x-ratelimit-remaining")


def search_flood(run: Run) -> Iterator[Attempt]:
    """Copy the listings, one search after the other, without a credential."""
    for place, (what, path, headers) in enumerate(
        (
            ("one search over and over", "listings", {}),
            ("another search each time", "listings?min_price={n}", {}),
            ("another browser each time", "listings", {"User_Agent": "browser {n}"}),
            ("another session each time", "listings", {"Cookie": "session={n}"}),
        )
    ):
        tried = flood(SEARCH, get(placed(run, place), path, **headers))
        yield limited(what, tried, 200)


def saved_up(run: Run) -> Iterator[Attempt]:
    """Use up the burst, rest a little, and hope for another one."""
    for place, rest in enumerate((1, 2, 4)):
        caller = placed(run, place)
        spent = flood(ANONYMOUS, get(caller, "me"))
        time.sleep(rest)
        again = flood(Bucket(ANONYMOUS.rate * rest, ANONYMOUS.rate), get(caller, "me"))
        yield limited(f"after {spent.asked} requests and {rest} s of rest", again, 401)


def spoofed_addresses(run: Run) -> Iterator[Attempt]:
    """Claim to be somebody else with every search."""
    for place, (header, value) in enumerate(
        (
            ("X_Forwarded_For", "203.0.113.{n}"),
            ("X_Forwarded_For", "203.0.113.{n}, 127.0.0.1"),
            ("X_Real_IP", "203.0.113.{n}"),
            ("Forwarded", "for=203.0.113.{n}"),
            ("True_Client_IP", "203.0.113.{n}"),
        )
    ):
        tried = flood(SEARCH, get(placed(run, place), "listings", **{header: value}))
        yield limited(f"{header.replace('_', '-')}: {value.format(n=1)}", tried, 200)


def guessed_keys(run: Run) -> Iterator[Attempt]:
    """Guess keys as fast as the service answers."""
    for place, (what, header, guess) in enumerate(
        (
            ("well-formed keys", "Authorization", lambda: f"Bearer {generate('test').text}"),
            ("keys in the other header", "X_API_Key", lambda: generate("test").text),
            ("opaque tokens", "Authorization", lambda: f"Bearer {generate('test').text[8:]}"),
        )
    ):
        caller = placed(run, place)
        tried = flood(
            ANONYMOUS,
            lambda _, caller=caller, header=header, guess=guess: caller.send(
                "GET", "me", patient=False, **{header: guess()}
            ),
        )
        yield limited(what, tried, 401)


def unknown_paths(run: Run) -> Iterator[Attempt]:
    """Search the API for paths that nobody wrote down."""
    for place, (what, path) in enumerate(
        (
            ("paths", "hidden-{n}"),
            ("versions", "/api/v{n}9/listings"),
            ("ids that are none", "listings/{n}"),
        )
    ):
        tried = flood(ANONYMOUS, get(placed(run, place), path))
        yield limited(f"unknown {what}", tried, 404)


def page_flood(run: Run) -> Iterator[Attempt]:
    """Load pages as fast as they come."""
    for place, (what, path, status) in enumerate(
        (
            ("the login page", "/accounts/login/", 200),
            ("pages that are not there", "/docs/nowhere-{n}", 404),
            ("pages behind the login", "/admin/", 302),
        )
    ):
        yield limited(what, flood(PAGES, get(placed(run, place), path)), status)


def exhausted_by_another(run: Run) -> Iterator[Attempt]:
    """Use up a key, and see who else cannot work any more."""
    owner, other = run.caller("manager"), run.caller("manager", agency=1)
    mine, sibling, theirs = key_of(owner, "read"), key_of(owner, "read"), key_of(other, "read")
    spent = flood(FREE, get(run.with_key(mine["key"]), "me"))
    for what, victim in (
        ("another user", run.with_key(theirs["key"])),
        ("another key of the owner", run.with_key(sibling["key"])),
    ):
        answer = victim.send("GET", "me", patient=False)
        yield judged(
            f"use up one key, and lock out {what}",
            stopped=spent.last.status == 429 and answer.status == 200,
            succeeded=spent.last.status == 429 and answer.status == 429,
            evidence=f"{spent.summary} / {answer.summary}",
        )
    for user, key in ((owner, mine), (owner, sibling), (other, theirs)):
        user.delete(f"{KEYS}/{key['id']}")


def unannounced(run: Run) -> Iterator[Attempt]:
    """Keep clients from knowing how fast they may go, so that they run into the limit."""
    keyed = run.caller("buyer")
    for what, status, send in (
        ("a good answer", 200, lambda: keyed.get("me")),
        ("an anonymous one", 200, lambda: run.anonymous.get("listings?limit=1")),
        ("an unknown path", 404, lambda: keyed.get("nowhere")),
        ("an unknown version", 404, lambda: keyed.get("/api/v9/nowhere")),
        ("no credential", 401, lambda: run.anonymous.get("me")),
        ("a refused method", 405, lambda: keyed.put("me")),
    ):
        answer = send()
        absent = [name for name in _HEADERS if name not in answer.headers]
        yield judged(
            what,
            stopped=answer.status == status and not absent,
            succeeded=answer.status == status and bool(absent),
            evidence=f"{answer.summary}: {answer.headers.get('ratelimit', 'no limit headers')}",
        )


def ordinary_pace(run: Run) -> None:
    """Whoever asks now and then is served: with a key, without, and on pages."""
    caller = placed(run, 50)
    works(run.caller("buyer").get("me"))
    for _ in range(3):
        works(caller.get("listings?limit=1"))
    works(caller.get("/accounts/login/"))
    works(caller.get("/healthz"))
