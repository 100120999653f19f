"""The end of v1 (API9): use it unseen, unwarned, unbounded, or after its day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import uuid4

from django.test import override_settings

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.inside import model, undone
from apps.workshop.run import Run
from apps.workshop.target import Answer

_PERSONAL = ("national_id", "date_of_birth", "annual_income")
_LAST_PAGE = 100


def unannounced_end(run: Run) -> Iterator[Attempt]:
    """Let clients go on with v1 until it is gone, without a word."""
    buyer = run.caller("buyer")
    for what, status, answer in (
        ("a good answer", 200, buyer.get("listings?limit=1")),
        ("no credential", 401, run.anonymous.get("me")),
        ("no right", 403, buyer.post("listings", {})),
        ("an unknown path", 404, buyer.get("nowhere")),
        ("a refused method", 405, buyer.put("me")),
        ("a wrong query", 400, buyer.get("listings?limit=x")),
    ):
        said = {"deprecation", "sunset", "link"} & answer.headers.keys()
        yield judged(
            what,
            stopped=answer.status == status and len(said) == 3,
            succeeded=answer.status == status and not said,
            evidence=f"{answer.summary}, {' '.join(sorted(said)) or 'no word of it'}",
        )


def announced_end(run: Run) -> None:
    """A client can read when v1 ends, and v2 speaks of no end."""
    headers = works(run.caller("buyer").get("me")).headers
    since = datetime.fromtimestamp(int(headers["deprecation"].lstrip("@")), UTC)
    if since >= parsedate_to_datetime(headers["sunset"]):
        raise HonestUseBroken("v1 ends before it is deprecated")
    if "sunset" in works(run.caller("buyer").get("/api/v2/me")).headers:
        raise HonestUseBroken("v2 speaks of an end")


def after_the_sunset(run: Run) -> Iterator[Attempt]:
    """Go on with v1 after its day."""
    run.needs_code()
    buyer, manager = run.caller("buyer"), run.caller("manager")
    with override_settings(V1_SUNSET=datetime.now(UTC) - timedelta(seconds=1)), undone():
        for what, answer in (
            ("read listings with a key", buyer.get("listings")),
            ("read listings without one", run.anonymous.get("listings")),
            ("create a listing", manager.post("listings", {})),
            ("read the own profile", buyer.get("buyer-profile")),
            ("read its document", run.anonymous.get("openapi.json")),
        ):
            yield refused(what, answer, 410, "version_gone")


def before_the_sunset(run: Run) -> None:
    """Until its day v1 is served, and v2 after it."""
    run.needs_code()
    works(run.caller("buyer").get("listings?limit=1"))
    with override_settings(V1_SUNSET=datetime.now(UTC) - timedelta(seconds=1)):
        works(run.caller("buyer").get("/api/v2/listings?limit=1"))


def uncounted_use(run: Run) -> Iterator[Attempt]:
    """Go on with v1 where nobody will miss it in time: unnamed in the count of its users."""
    run.needs_code()
    buyer = run.caller("buyer")
    for what, send in (
        ("read listings", lambda: buyer.get("listings?limit=1")),
        ("be refused", lambda: buyer.post("listings", {})),
        ("send a wrong query", lambda: buyer.get("listings?limit=x")),
        ("ask for what is not there", lambda: buyer.get(f"offers/{uuid4()}")),
    ):
        with undone():
            before = _used()
            answer = send()
            counted = _used() - before
        yield judged(
            what,
            stopped=counted == 1,
            succeeded=counted == 0,
            evidence=f"{answer.summary}, counted {counted} times",
        )


def counted_use(run: Run) -> None:
    """Use of v2 is not counted."""
    run.needs_code()
    with undone():
        before = _used()
        works(run.caller("buyer").get("/api/v2/me"))
        if _used() != before:
            raise HonestUseBroken("use of v2 was counted as use of v1")


def deep_pages(run: Run) -> Iterator[Attempt]:
    """Let the database skip millions of rows for one page."""
    for page in ("101", "1000", "999999999"):
        for path in ("listings", "offers"):
            answer = run.caller("buyer").get(f"{path}?page={page}&limit=1")
            yield refused(f"{path}: page {page}", answer, 400, "validation_failed")


def numbered_pages(run: Run) -> None:
    """Pages up to the last one that is allowed are served, and end there."""
    last = works(run.caller("buyer").get(f"listings?page={_LAST_PAGE}&limit=1")).json
    if last["next"] is not None:
        raise HonestUseBroken("the last page names another one")


def fields_of_v2(run: Run) -> Iterator[Attempt]:
    """Read through v1 what it never knew: the old version as the way around the new one."""
    buyer = run.caller("buyer")
    for what, answer in (
        ("read the profile", buyer.get("buyer-profile")),
        ("change the profile", buyer.patch("buyer-profile", {}, If_Match="*")),
    ):
        yield _unknown(what, answer)
    for name in _PERSONAL:
        # Bytes, because a body would be put into v1's own words.
        body = f'{{"{name}": "1"}}'.encode()
        answer = buyer.patch("buyer-profile", body, If_Match="*")
        yield refused(f"set {name}", answer, 400, "validation_failed")


def own_fields(run: Run) -> None:
    """What v1 knows of a profile is shown."""
    shown = works(run.caller("buyer").get("buyer-profile")).json
    if not {"legal_name", "phone"} <= shown.keys():
        raise HonestUseBroken("v1 hides what it knows")


def pinned_elsewhere(run: Run) -> Iterator[Attempt]:
    """Have a request that was written for one version answered by another."""
    foreign = "2026-11-01" if run.version.name == "v1" else "2025-06-01"
    for pinned in (foreign, "1999-01-01", "v2", "2026-11-01, 2025-06-01"):
        for what, caller in (("with a key", run.caller("buyer")), ("without one", run.anonymous)):
            answer = caller.get("listings?limit=1", API_Version=pinned)
            yield refused(f"{pinned!r} {what}", answer, 400, "version_unsupported")


def pinned_here(run: Run) -> None:
    """A client that pins what every answer names is served."""
    served = works(run.caller("buyer").get("listings?limit=1")).headers["api-version"]
    works(run.caller("buyer").get("listings?limit=1", API_Version=served))


def _used() -> int:
    return sum(model("api_v1.V1Use").objects.values_list("requests", flat=True))


def _unknown(what: str, answer: Answer) -> Attempt:
    shown = sorted(name for name in _PERSONAL if name in (answer.json or {}))
    return judged(
        what,
        stopped=answer.status == 200 and not shown,
        succeeded=bool(shown),
        evidence=f"{answer.summary} {' '.join(shown)}".strip(),
    )
