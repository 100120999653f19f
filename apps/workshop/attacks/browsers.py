"""Browsers (API8): pages of other origins that would read the API with a visitor's help."""

from collections.abc import Iterator

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, works
from apps.workshop.run import Run
from apps.workshop.target import Answer
from apps.workshop.workspace import ORIGIN

_HOST = ORIGIN.partition("://")[2]
_FOREIGN = {
    "another site": "https://attacker.example",
    "a host that ends alike": f"https://evil{_HOST}",
    "a host that begins alike": f"{ORIGIN}.attacker.example",
    "a part of the host": "https://example.com",
    "a sandboxed frame": "null",
    "a page without TLS": f"http://{_HOST}",
    "another port": f"{ORIGIN}:8443",
    "a user part": f"https://{_HOST}@attacker.example",
}
_TWO_HOURS, _DAY = 7200, 86_400
_ALLOWED_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def foreign_origins(run: Run) -> Iterator[Attempt]:
    """Read an answer from a page of another origin."""
    for what, origin in _FOREIGN.items():
        answer = run.anonymous.get("listings?limit=1", Origin=origin)
        yield _unreadable(f"{what} reads", answer)
    for what in ("another site", "a sandboxed frame"):
        yield _unreadable(f"{what} asks before", _preflight(run, _FOREIGN[what], "GET", "accept"))


def wide_preflight(run: Run) -> Iterator[Attempt]:
    """Be allowed a header or method that no page needs: a key's above all."""
    run.needs_code()
    for header in ("x-api-key", "cookie", "x-forwarded-for", "x-http-method-override"):
        answer = _preflight(run, ORIGIN, "GET", header)
        allowed = _list(answer, "access-control-allow-headers")
        yield _withheld(f"the header {header}", answer, header in allowed or "*" in allowed)
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        answer = _preflight(run, ORIGIN, method, "accept")
        allowed = _list(answer, "access-control-allow-methods")
        wide = bool({name.upper() for name in allowed} - _ALLOWED_METHODS)
        yield _withheld(f"the method {method}", answer, wide)


def lasting_preflight(run: Run) -> Iterator[Attempt]:
    """Keep a permission in the browser for long after it was taken back."""
    run.needs_code()
    for method, header in (("GET", "accept"), ("POST", "idempotency-key"), ("PATCH", "if-match")):
        answer = _preflight(run, ORIGIN, method, header)
        seconds = int(answer.headers.get("access-control-max-age", _DAY))
        yield judged(
            f"{method} with {header}",
            stopped=answer.status == 200 and seconds <= _TWO_HOURS,
            succeeded=seconds > _TWO_HOURS,
            evidence=f"{answer.summary}, kept {seconds} s",
        )


def with_credentials(run: Run) -> Iterator[Attempt]:
    """Have the browser send and read along with the visitor's cookies."""
    for what, origin in {"the allowed origin": ORIGIN, **_FOREIGN}.items():
        answer = run.anonymous.get("listings?limit=1", Origin=origin, Cookie="session=a")
        yield _withheld(f"{what} reads with cookies", answer, _credentials(answer))
    answer = _preflight(run, ORIGIN, "GET", "authorization")
    yield _withheld("the allowed origin asks before", answer, _credentials(answer))


def allowed_origin(run: Run) -> None:
    """The allowed origin reads and asks before; whoever is no browser needs no origin."""
    works(run.anonymous.get("listings?limit=1"))
    if not run.in_process:
        return  # a demo allows no origin until it is told one
    answer = works(run.anonymous.get("listings?limit=1", Origin=ORIGIN))
    asked = works(_preflight(run, ORIGIN, "PATCH", "if-match"))
    for seen in (answer, asked):
        if seen.headers.get("access-control-allow-origin") not in (ORIGIN, "*"):
            raise HonestUseBroken("the allowed origin may not read")
    if "if-match" not in _list(asked, "access-control-allow-headers"):
        raise HonestUseBroken("the allowed origin may not send If-Match")


def _preflight(run: Run, origin: str, method: str, header: str) -> Answer:
    return run.anonymous.send(
        "OPTIONS",
        "listings",
        Origin=origin,
        Access_Control_Request_Method=method,
        Access_Control_Request_Headers=header,
    )


def _unreadable(what: str, answer: Answer) -> Attempt:
    allowed = answer.headers.get("access-control-allow-origin")
    return judged(
        what,
        stopped=200 <= answer.status < 300 and allowed is None,
        succeeded=allowed is not None,
        evidence=f"{answer.summary}, allowed {allowed or 'nobody'}",
    )


def _withheld(what: str, answer: Answer, given: bool) -> Attempt:
    return judged(
        what,
        stopped=200 <= answer.status < 300 and not given,
        succeeded=given,
        evidence=f"{answer.summary}, {'given' if given else 'withheld'}",
    )


def _credentials(answer: Answer) -> bool:
    return "access-control-allow-credentials" in answer.headers


def _list(answer: Answer, header: str) -> list[str]:
    return [part.strip().lower() for part in answer.headers.get(header, "").split(",")]
