"""The audit: change it, and read in it what it should not hold."""

from collections.abc import Callable, Iterator
from uuid import uuid4

from django.db import DatabaseError, connection, transaction

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, works
from apps.workshop.inside import model, new_buyer, new_key, undone
from apps.workshop.run import Run

from .data import MESSAGE, PROFILE, STREET, sent_profile
from .fresh import MONEY, draft_of, published_of

_MESSAGE = "audit entries are append-only"


def changed_entries(run: Run) -> Iterator[Attempt]:
    """Rewrite and remove entries with full access to the database, but not to its schema."""
    run.needs_code()
    with undone():
        draft_of(run.caller("manager"))
        entries = model("audit.AuditEntry").objects
        newest = entries.latest("at")
        for what, change in (
            ("rewrite every entry", lambda: entries.update(reason="all is well")),
            ("rewrite one", lambda: entries.filter(pk=newest.pk).update(actor="nobody")),
            ("remove one", lambda: entries.filter(pk=newest.pk).delete()[0]),
            ("rewrite in SQL", _sql("UPDATE audit_entry SET actor = 'nobody'")),
            ("remove in SQL", _sql("DELETE FROM audit_entry WHERE verb LIKE '%created'")),
            ("remove past the triggers", _sql(_remove_unseen())),
        ):
            yield _kept(what, change)


def growing_audit(run: Run) -> None:
    """What is done is added to the audit."""
    run.needs_code()
    entries = model("audit.AuditEntry").objects
    with undone():
        before = entries.count()
        draft_of(run.caller("manager"))
        if entries.count() != before + 1:
            raise HonestUseBroken("an act is not in the audit")


def profile_in_audit(run: Run) -> Iterator[Attempt]:
    """Read in the audit what a profile hides."""
    run.needs_code()
    with undone():
        buyer = run.with_key(new_key(new_buyer(), "write"))
        works(buyer.put("buyer-profile", PROFILE), 201)
        works(buyer.patch("buyer-profile", PROFILE, If_Match="*"))
        if run.version.has("reveal"):
            works(buyer.post("buyer-profile/reveal", {"reason": "To check it"}))
        yield from _absent_from_audit(sent_profile(run.version))


def listing_in_audit(run: Run) -> Iterator[Attempt]:
    """Read in the audit what a listing and an offer keep between the parties."""
    run.needs_code()
    with undone():
        manager = run.caller("manager")
        listing = published_of(manager)["id"]
        secrets = {
            "street_address": STREET,
            "description": MESSAGE,
            "reserve_price": {"amount": "398765.00", "currency": "USD"},
        }
        works(manager.patch(f"listings/{listing}", secrets, If_Match="*"))
        buyer = run.with_key(new_key(new_buyer(), "write"))
        offer = {"listing": listing, "amount": MONEY, "message": f"{MESSAGE} Truly."}
        works(buyer.post("offers", offer, Idempotency_Key=uuid4().hex), 201)
        yield from _absent_from_audit(
            {
                "street address": STREET,
                "reserve price": "398765",
                "description": MESSAGE,
                "offer's message": offer["message"],
            }
        )


def named_changes(run: Run) -> None:
    """The audit says which fields changed."""
    run.needs_code()
    with undone():
        draft = draft_of(run.caller("manager"))
        body = {"bedrooms": 4, "street_address": STREET}
        works(run.caller("manager").patch(f"listings/{draft['id']}", body, If_Match="*"))
        entry = model("audit.AuditEntry").objects.latest("at")
        if sorted(entry.changes) != sorted(body):
            raise HonestUseBroken("the audit does not say what changed")


def _remove_unseen() -> str:
    # On SQLite, REPLACE removes the row that is in the way without asking a trigger for DELETE;
    # on PostgreSQL, TRUNCATE asks no trigger for a row.
    if connection.vendor == "sqlite":
        return "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry"
    return "TRUNCATE audit_entry"


def _sql(statement: str) -> Callable[[], int]:
    def run_it() -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.rowcount

    return run_it


def _kept(what: str, change: Callable[[], int]) -> Attempt:
    try:
        with transaction.atomic():
            rows = change()
    except DatabaseError as refused:
        stopped = _MESSAGE in str(refused)
        return judged(what, stopped=stopped, succeeded=False, evidence=str(refused)[:60])
    return judged(what, stopped=False, succeeded=rows != 0, evidence=f"{rows} rows changed")


def _absent_from_audit(values: dict[str, str]) -> Iterator[Attempt]:
    entries = list(model("audit.AuditEntry").objects.values())
    for name, value in values.items():
        held = [entry["verb"] for entry in entries if value in str(entry)]
        yield judged(
            f"find the {name}",
            stopped=bool(entries) and not held,
            succeeded=bool(held),
            evidence=", ".join(held) or f"in none of {len(entries)} entries",
        )
