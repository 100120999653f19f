"""Limits (API4, API2): ask more often than anyone should, and look for who pays."""

from collections.abc import Callable, Iterator

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, works
from apps.workshop.run import Caller, Run
from apps.workshop.target import Answer

from .fresh import key_of

#: More than each bucket holds, with room for what comes back in the meantime. The search bucket
#: holds 30, and its flood must end below the 60 of the one beside it.
_SEARCHES, _REQUESTS, _ONE_KEY = 45, 90, 600
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
        caller = _from(run, place)
        yield _limited(f"{_SEARCHES} times {what}", _flood(caller, path, _SEARCHES, headers), 200)


def spoofed_addresses(run: Run) -> Iterator[Attempt]:
    """Claim to be somebody else with every search."""
    for place, header in enumerate(("X_Forwarded_For", "X_Real_IP", "Forwarded", "True_Client_IP")):
        value = "for=203.0.113.{n}" if header == "Forwarded" else "203.0.113.{n}"
        answer = _flood(_from(run, place), "listings", _SEARCHES, {header: value})
        yield _limited(f"{_SEARCHES} searches with {header.replace('_', '-')}", answer, 200)


def guessed_keys(run: Run) -> Iterator[Attempt]:
    """Guess keys as fast as the service answers."""
    from apps.apikeys.key_format import generate

    for place, (what, header, guess) in enumerate(
        (
            ("well-formed keys", "Authorization", lambda: f"Bearer {generate('test').text}"),
            ("keys in the other header", "X_API_Key", lambda: generate("test").text),
            ("opaque tokens", "Authorization", lambda: f"Bearer {generate('test').text[8:]}"),
        )
    ):
        caller = _from(run, place)
        answer = _until_limited(
            lambda _, caller=caller, header=header, guess=guess: caller.send(
                "GET", "me", patient=False, **{header: guess()}
            ),
            _REQUESTS,
        )
        yield _limited(f"{_REQUESTS} {what}", answer, 401)


def unknown_paths(run: Run) -> Iterator[Attempt]:
    """Search the API for paths that nobody wrote down."""
    for place, (what, path) in enumerate(
        (
            ("paths", "hidden-{n}"),
            ("versions", "/api/v{n}9/listings"),
            ("ids that are none", "listings/{n}"),
        )
    ):
        answer = _flood(_from(run, place), path, _REQUESTS, {})
        yield _limited(f"{_REQUESTS} unknown {what}", answer, 404)


def page_flood(run: Run) -> Iterator[Attempt]:
    """Load pages as fast as they come."""
    for place, (what, path, status) in enumerate(
        (
            ("login pages", "/admin/login/", 200),
            ("pages that are not there", "/nowhere-{n}", 404),
            ("pages behind the login", "/admin/", 302),
        )
    ):
        answer = _flood(_from(run, place), path, _REQUESTS, {})
        yield _limited(f"{_REQUESTS} {what}", answer, status)


def exhausted_by_another(run: Run) -> Iterator[Attempt]:
    """Use up a key, and see who else cannot work any more."""
    owner, other = run.caller("manager"), run.caller("manager", agency=1)
    mine, sibling, theirs = key_of(owner, "read"), key_of(owner, "read"), key_of(other, "read")
    spent = _flood(run.with_key(mine["key"]), "me", _ONE_KEY, {})
    for what, victim in (
        ("another user", run.with_key(theirs["key"])),
        ("another key of the owner", run.with_key(sibling["key"])),
    ):
        answer = victim.send("GET", "me", patient=False)
        yield judged(
            f"use up one key, and lock out {what}",
            stopped=spent.status == 429 and answer.status == 200,
            succeeded=spent.status == 429 and answer.status == 429,
            evidence=f"{spent.summary} / {answer.summary}",
        )
    for user, key in ((owner, mine), (owner, sibling), (other, theirs)):
        user.delete(f"api-keys/{key['id']}")


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
    caller = _from(run, 50)
    works(run.caller("buyer").get("me"))
    for _ in range(3):
        works(caller.get("listings?limit=1"))
    works(caller.get("/admin/login/"))
    works(caller.get("/healthz"))


def falling_count(run: Run) -> None:
    """What remains falls with each request."""
    owner = run.caller("buyer")
    key = key_of(owner, "read")
    caller = run.with_key(key["key"])
    left = [int(works(caller.get("me")).headers["x-ratelimit-remaining"]) for _ in range(3)]
    owner.delete(f"api-keys/{key['id']}")
    if left[0] <= left[-1]:
        raise HonestUseBroken("the count of what remains does not fall")


def _from(run: Run, place: int) -> Caller:
    """A caller without a credential, from an address that no other variant uses."""
    network = run.source.rpartition(".")[0]
    return Caller(run.target, f"{network}.{10 + place}")


def _flood(caller: Caller, path: str, times: int, headers: dict[str, str]) -> Answer:
    def send(number: int) -> Answer:
        named = {name: value.format(n=number) for name, value in headers.items()}
        return caller.send("GET", path.format(n=number), patient=False, **named)

    return _until_limited(send, times)


def _until_limited(send: Callable[[int], Answer], times: int) -> Answer:
    """The first refusal for asking too often, else the last answer."""
    for number in range(1, times + 1):
        answer = send(number)
        if answer.status == 429:
            break
    return answer


def _limited(what: str, answer: Answer, status: int) -> Attempt:
    wait = answer.headers.get("retry-after", "")
    return judged(
        what,
        stopped=answer.code == "rate_limited" and wait.isdigit() and int(wait) >= 1,
        succeeded=answer.status == status,
        evidence=f"{answer.summary}, Retry-After {wait}" if wait else answer.summary,
    )
