"""Bodies (API8): JSON that two parsers read differently, that exhausts one, or that is none."""

import json
import time
from collections.abc import Iterator
from itertools import repeat

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.run import Caller, Run
from apps.workshop.target import Answer

from .fresh import NEW_LISTING

_MAX_BODY = 1024 * 1024
_LONG = 0.5  # seconds: a pattern that looks back takes more, one that does not next to nothing


def duplicate_keys(run: Run) -> Iterator[Attempt]:
    """Show a gateway the first of two keys, and the service the second."""
    for what, body in (
        ("a field twice", _with(run, '"city": "Seen by the other parser"')),
        ("a field twice, once escaped", _with(run, r'"\u0063ity": "Seen by the other parser"')),
        ("a field twice in an object", _with(run, '"extra": {"a": 1, "a": 2}')),
    ):
        yield refused(what, _post(run, body), 400, "malformed_body")


def many_members(run: Run) -> Iterator[Attempt]:
    """Make every one of very many members cost an error."""
    for what, count in (("101", 101), ("ten thousand", 10_000)):
        members = ", ".join(f'"n{number}": 0' for number in range(count))
        yield _parsed(f"{what} members", _post(run, f"{{{members}}}"))
    inner = ", ".join(f'"n{number}": 0' for number in range(500))
    yield _parsed("500 members in an object", _post(run, _with(run, f'"extra": {{{inner}}}')))


def not_a_number(run: Run) -> Iterator[Attempt]:
    """Bring in the numbers that compare with nothing."""
    for word in ("NaN", "Infinity", "-Infinity"):
        yield _parsed(f"{word} for a number", _post(run, _bedrooms(run, word)))


def long_numbers(run: Run) -> Iterator[Attempt]:
    """Make the conversion of one whole number cost quadratic time."""
    for digits in (41, 4000, 500_000):
        yield _parsed(f"{digits} digits", _post(run, _bedrooms(run, "9" * digits)))


def overflow(run: Run) -> Iterator[Attempt]:
    """Bring in infinity as a number that is too large for a float."""
    for text in ("1e999", "-1e999", "1.0E+4000"):
        yield _parsed(text, _post(run, _bedrooms(run, text)))


def nesting(run: Run) -> Iterator[Attempt]:
    """Nest deep enough to exhaust a parser's stack."""
    for depth in (21, 1000, 100_000):
        deep = "[" * depth + "]" * depth
        yield _parsed(f"{depth} levels of arrays", _post(run, _with(run, f'"extra": {deep}')))
    deep = '{"a": ' * 5000 + "0" + "}" * 5000
    yield _parsed(
        "5000 levels behind a string with brackets", _post(run, _with(run, f'"]]": {deep}'))
    )


def slow_patterns(run: Run) -> Iterator[Attempt]:
    """Write what a careless pattern looks back over, again and again."""
    deep = "[" * 15 + "]" * 15 + "[" * 15
    _post(run, "[]")  # the first request of a process is slow for reasons of its own
    for what, text in (
        ("a value of escaped quotes that never ends", '"a": "' + r"\"" * 12_000),
        ("a name of escaped quotes that never ends", '"' + r"\"" * 12_000),
        ("a string of backslashes that never ends", '"' + r"\\" * 12_000),
    ):
        started = time.monotonic()
        answer = _post(run, f'{{"b": {deep}, {text}')
        seconds = time.monotonic() - started
        yield judged(
            what,
            stopped=(answer.status, answer.code) == (400, "malformed_body") and seconds < _LONG,
            succeeded=seconds >= _LONG,
            evidence=f"{answer.summary} after {seconds:.1f} s",
        )


def half_characters(run: Run) -> Iterator[Attempt]:
    """Bring in half a character: it can neither be stored nor sent again."""
    for what, body in (
        ("half a character in a value", _text(run).replace("A house", r"\ud800 house")),
        ("half a character in a name", _with(run, r'"\udfff": 0')),
        ("two halves in the wrong order", _text(run).replace("A house", r"\udc00\ud800 house")),
    ):
        yield _parsed(what, _post(run, body))


def other_encodings(run: Run) -> Iterator[Attempt]:
    """Write it so that a filter in front reads other characters."""
    for what, body in (
        ("UTF-16", _text(run).encode("utf-16")),
        ("UTF-7 with a bad byte", b"\xff" + _text(run).encode("utf-7")),
        ("one byte that is no UTF-8", _text(run).encode().replace(b"A house", b"A \xe9 house")),
        ("a slash in two bytes", _text(run).encode().replace(b"A house", b"A \xc0\xaf house")),
    ):
        yield _parsed(what, run.caller("agent").post("listings", body))


def too_large(run: Run) -> Iterator[Attempt]:
    """Send more than anyone should have to read."""
    for what, size in (
        ("one byte too many", _MAX_BODY + 1),
        ("2 MB", 2_000_000),
        ("8 MB", 8_000_000),
    ):
        # A server that leaves a body unread ends the connection: it is not used again.
        answer = run.caller("agent").post(
            "listings", _text(run).ljust(size).encode(), Connection="close"
        )
        yield refused(what, answer, 413, "payload_too_large")


def without_length(run: Run) -> Iterator[Attempt]:
    """Send a body of which nobody knows how long it will be."""
    manager = run.caller("manager")
    headers = {**manager.headers, "Content-Type": "application/json"}
    for what, path in (
        ("create a listing in chunks", "listings"),
        ("publish one in chunks", f"listings/{run.demo['listing_id']}/publish"),
    ):
        # In process the header alone says so. Over a socket httpx sends an iterator in chunks: more
        # than a node takes, because an edge that buffers them may pass a small body on.
        body: bytes | Iterator[bytes] = _text(run).encode()
        chunked = {"Transfer-Encoding": "chunked"}
        if not run.in_process:
            body, chunked = repeat(b" " * 4096, _MAX_BODY // 4096 + 1), {"Connection": "close"}
        answer = run.target.send(
            "POST", run.version.path(path), {**headers, **chunked}, body, manager.source
        )
        expected = (413, "payload_too_large") if answer.status == 413 else (411, "length_required")
        yield refused(what, answer, *expected)


def other_media_types(run: Run) -> Iterator[Attempt]:
    """Send JSON under a name that a form on any web page could send, or that parsers differ on."""
    agent = run.caller("agent")
    for media_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json; charset=utf-16",
        "application/json, text/plain",
    ):
        answer = agent.post("listings", NEW_LISTING, Content_Type=media_type)
        yield refused(media_type, answer, 415, "unsupported_media_type")


def plain_body(run: Run) -> None:
    """Ordinary JSON is taken: accents, escapes, and as much whitespace as the limit allows."""
    made = works(_post(run, _text(run).replace("A house", r"\u0041 \ud83c\udfe0 maison")), 201).json
    if made[run.version.word("title")] != "A 🏠 maison made for an attack":
        raise HonestUseBroken("the title came back changed")
    works(_post(run, _text(run).ljust(_MAX_BODY)), 201)


def _post(run: Run, body: str) -> Answer:
    agent: Caller = run.caller("agent")
    return agent.post("listings", body.encode())


def _text(run: Run) -> str:
    return json.dumps(run.version.said(NEW_LISTING))


def _with(run: Run, member: str) -> str:
    return f"{_text(run)[:-1]}, {member}}}"


def _bedrooms(run: Run, number: str) -> str:
    return _text(run).replace('"bedrooms": 3', f'"bedrooms": {number}')


def _parsed(what: str, answer: Answer) -> Attempt:
    """The parser should refuse it; whatever else answers, it got past the parser."""
    past = answer.status == 201 or answer.code in ("validation_failed", "internal_error")
    return judged(
        what,
        stopped=(answer.status, answer.code) == (400, "malformed_body"),
        succeeded=past,
        evidence=f"past the parser: {answer.summary}" if past else answer.summary,
    )
