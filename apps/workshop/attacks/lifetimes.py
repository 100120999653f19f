"""Keys that live longer than they should (API2): than their maker, than anyone's."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from apps.workshop.attempts import Attempt, judged, refused, works
from apps.workshop.run import Run

from .fresh import key_of
from .people import person

_NAME = {"name": "made for an attack", "scopes": ["read"]}
_NEVER = "9999-01-01T00:00:00Z"


def longer_life(run: Run) -> Iterator[Attempt]:
    """Outlive a stolen key by making another with it."""
    maker = run.caller("manager")
    end = _moment(works(maker.get("me")).json["credential"]["expires_at"])
    for what, more in (("a second", 1), ("a month", 30 * 86400), ("eighty days", 80 * 86400)):
        later = (end + timedelta(seconds=more)).isoformat()
        answer = maker.post("api-keys", {**_NAME, "expires_at": later})
        yield refused(f"a key that lives {what} longer", answer, 403, "not_permitted")
    silent = maker.post("api-keys", _NAME)
    ends = _moment((silent.json or {}).get("expires_at", _NEVER))
    yield judged(
        "a key whose end is left to the service",
        stopped=silent.status == 201 and ends <= end,
        succeeded=silent.status == 201 and ends > end,
        evidence=silent.summary,
    )
    maker.delete(f"api-keys/{(silent.json or {}).get('id')}")


def shorter_life(run: Run) -> None:
    """A key makes one that ends tomorrow."""
    maker = run.caller("manager")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    key = key_of(maker, "read", expires_at=tomorrow)
    works(run.with_key(key["key"]).get("me"))
    works(maker.delete(f"api-keys/{key['id']}"), 204)


def endless_life(run: Run) -> Iterator[Attempt]:
    """Make a key that is never rotated, on the command line, where everything else is allowed."""
    run.needs_code()
    with person(run, "agent") as someone:
        for days in (181, 400, 36500):
            end = datetime.now(UTC) + timedelta(days=days)
            refusal = _refusal(lambda end=end: someone.key("read", expires_at=end))
            yield judged(
                f"a key that lives {days} days",
                stopped=refusal == "validation_failed",
                succeeded=not refusal,
                evidence=refusal or "it was made",
            )


def longest_life(run: Run) -> None:
    """A key for almost the longest time works."""
    run.needs_code()
    with person(run, "agent") as someone:
        key = someone.key("read", expires_at=datetime.now(UTC) + timedelta(days=179))
        works(run.with_key(key).get("me"))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _refusal(act: Callable[[], object]) -> str:
    from apps.core.problems import Problem

    try:
        act()
    except Problem as problem:
        return problem.code
    return ""
