"""Errors (API8): make it fail, and read what it says."""

from collections.abc import Iterator
from contextlib import nullcontext
from unittest.mock import patch

from apps.core.security_headers import HEADERS
from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.run import Run
from apps.workshop.target import Answer

from .fresh import NEW_LISTING

_SECRET = "postgres://gatehouse:jacaranda@10.1.2.3"  # noqa: S105 (planted, and nobody's)
_TELLING = ("jacaranda", "Traceback", "Error", "Exception", ".py", "SELECT", "10.1.2.3")
_EXPECTED = ("content-security-policy", *(name.lower() for name in HEADERS))
_HOSTS = (
    "attacker.example",
    "localhost.attacker.example",
    "attacker.example:8000",
    "localhost@attacker.example",
    "[::2]",
)


def unforeseen(run: Run) -> Iterator[Attempt]:
    """Provoke an exception that nobody foresaw, with a secret in its message."""
    run.needs_code()
    agent = run.caller("agent")
    for what, broken, error, send in (
        (
            "creating a listing",
            "apps.listings.lifecycle.create",
            RuntimeError(f"could not connect to {_SECRET}"),
            lambda: agent.post("listings", NEW_LISTING),
        ),
        (
            "searching listings",
            "apps.listings.search._comparable",
            KeyError(f"SELECT {_SECRET}"),
            lambda: agent.get("listings"),
        ),
        (
            "showing a profile",
            f"apps.api_{run.version.name}.buyer_profile.shown",
            ValueError(_SECRET),
            lambda: run.caller("buyer").get("buyer-profile"),
        ),
        (
            "before any view",
            "apps.access.gate.charge",
            OSError(5, _SECRET),
            lambda: agent.get("me"),
        ),
    ):
        with patch(broken, side_effect=error):
            yield _says_nothing(f"an exception {what}", send())


def undisturbed(run: Run) -> None:
    """Without the fault the same calls work."""
    works(run.caller("agent").get("listings?limit=1"))
    works(run.caller("agent").post("listings", NEW_LISTING), 201)


def plain_errors(run: Run) -> Iterator[Attempt]:
    """Find an error that is not a problem document, and learn from it what runs here."""
    agent = run.caller("agent")
    for what, status, code, send in (
        ("an unknown path", 404, "not_found", lambda: agent.get("nowhere")),
        ("an unknown version", 404, "not_found", lambda: agent.get("/api/v9/listings")),
        ("an id that is none", 404, "not_found", lambda: agent.get("listings/1")),
        ("a page that is not there", 404, "not_found", lambda: agent.get("/nowhere")),
        ("a slash too many", 404, "not_found", lambda: agent.get("listings/")),
        ("a path out of the tree", 404, "not_found", lambda: agent.get("/static/..%2f.env")),
    ):
        answer = send()
        problem = answer.headers.get("content-type", "") == "application/problem+json"
        known = problem and answer.json.get("request_id") == answer.headers.get("x-request-id")
        yield judged(
            what,
            stopped=answer.status == status and answer.code == code and known,
            succeeded=answer.status >= 400 and not problem,
            evidence=f"{answer.summary} {answer.headers.get('content-type', '')}".strip(),
        )


def foreign_hosts(run: Run) -> Iterator[Attempt]:
    """Ask under another name, so that links and caches carry it on."""
    for host in _HOSTS:
        answer = run.anonymous.get("listings?limit=1", Host=host)
        yield refused(f"Host: {host}", answer, _host_refusal(run), "validation_failed")
    page = run.anonymous.get("/accounts/login/", Host=_HOSTS[0])
    yield refused(f"a page of {_HOSTS[0]}", page, _host_refusal(run), "validation_failed")


def missing_headers(run: Run) -> Iterator[Attempt]:
    """Find an answer without the headers that keep browsers from harm."""
    agent, anonymous = run.caller("agent"), run.anonymous
    fault = patch("apps.listings.lifecycle.create", side_effect=RuntimeError)
    for what, status, send in (
        ("a good answer", 200, lambda: agent.get("listings?limit=1")),
        ("a wrong query", 400, lambda: agent.get("listings?limit=x")),
        ("no credential", 401, lambda: anonymous.get("me")),
        ("no right", 403, lambda: run.caller("buyer").post("listings", NEW_LISTING)),
        ("an unknown path", 404, lambda: agent.get("nowhere")),
        ("a refused method", 405, lambda: agent.put("listings")),
        ("an unread body", 415, lambda: agent.post("listings", b"x", Content_Type="text/plain")),
        ("a foreign host", _host_refusal(run), lambda: anonymous.get("me", Host=_HOSTS[0])),
        ("a preflight", 204, lambda: anonymous.send("OPTIONS", "listings")),
        ("a page", 200, lambda: anonymous.get("/accounts/login/")),
        ("a missing page", 404, lambda: anonymous.get("/nowhere")),
        ("a fault of ours", 500, lambda: agent.post("listings", NEW_LISTING)),
    ):
        if status == 500 and not run.in_process:
            continue
        with fault if status == 500 else nullcontext():
            answer = send()
        absent = [name for name in _EXPECTED if name not in answer.headers]
        told = [name for name in ("x-powered-by", "x-xss-protection") if name in answer.headers]
        told += ["server"] if "/" in answer.headers.get("server", "") else []
        yield judged(
            what,
            stopped=answer.status == status and not absent and not told,
            succeeded=answer.status == status and bool(absent or told),
            evidence=f"{answer.status} {' '.join([*absent[:2], *told]) or 'all there'}",
        )


def kept_policy(run: Run) -> None:
    """Pages may load their own styles; data loads nothing."""
    page = works(run.anonymous.get("/accounts/login/")).headers["content-security-policy"]
    data = works(run.caller("agent").get("me")).headers["content-security-policy"]
    if "style-src 'self'" not in page or "default-src 'none'" not in data:
        raise HonestUseBroken("a policy is not what its kind of answer needs")


def _host_refusal(run: Run) -> int:
    """An edge refuses a host by what the TLS handshake named (RFC 9110 section 15.5.20)."""
    return 421 if run.over_tls else 400


def _says_nothing(what: str, answer: Answer) -> Attempt:
    text = answer.body.decode(errors="replace")
    told = [word for word in _TELLING if word in text]
    return judged(
        what,
        stopped=(answer.status, answer.code) == (500, "internal_error") and not told,
        succeeded=bool(told),
        evidence=f"{answer.summary}" + (f", tells {told[0]}" if told else ""),
    )
