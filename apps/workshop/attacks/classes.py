"""Classification: a field that nobody classified, and values that a careless line writes down."""

import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from unittest.mock import patch

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused
from apps.workshop.inside import model, new_buyer, new_key, undone
from apps.workshop.run import Run

from .data import PROFILE
from .fresh import first_of

_VALUES = {**PROFILE, "annual_income": PROFILE["annual_income"]["amount"]}


def unclassified(run: Run) -> Iterator[Attempt]:
    """Add a field without a word about it, or personal data in clear, and start the service."""
    run.needs_code()
    user, profile = model("accounts.User"), model("buyers.BuyerProfile")
    for what, owner, declared, number in (
        ("a field without a class", profile, {"internal": "id"}, "privacy.E001"),
        ("plaintext without a reason", user, {"clear": {}}, "privacy.E002"),
        ("rows of a person, unsaid", profile, {"person": ""}, "privacy.E003"),
    ):
        with patch.object(owner, "classified", replace(owner.classified, **declared)):
            found = _errors()
        yield judged(
            what,
            stopped=number in found,
            succeeded=not found,
            evidence=" ".join(sorted(found)) or "no check speaks",
        )


def classified(run: Run) -> None:
    """The models as they stand pass."""
    run.needs_code()
    if _errors():
        raise HonestUseBroken("the models as they stand do not pass their check")


def careless_audit(run: Run) -> Iterator[Attempt]:
    """Hand the audit a personal value, as a careless line of the domain would."""
    run.needs_code()
    from apps.audit.actors import Operator
    from apps.audit.recording import record
    from apps.audit.verbs import Verb

    with undone():
        profiles = model("buyers.BuyerProfile").objects
        mine = profiles.create(
            user=new_buyer(),
            legal_name=_VALUES["legal_name"],
            phone=_VALUES["phone"],
            national_id=_VALUES["national_id"],
            annual_income=Decimal(_VALUES["annual_income"]),
        )
        for name in ("legal_name", "phone", "national_id", "annual_income"):
            for what, changes in (
                ("under its name", {name: _VALUES[name]}),
                ("under another name", {"was": [f"it was {_VALUES[name]}"]}),
            ):
                entries = model("audit.AuditEntry").objects.filter(object_id=str(mine.pk))
                seen = list(entries.values_list("pk", flat=True))
                record(Verb.PROFILE_CHANGED, Operator(), mine, changes=changes)
                entry = entries.exclude(pk__in=seen).get()
                found = _VALUES[name] in str(entry.changes)
                yield judged(
                    f"{name} {what}",
                    stopped=not found and set(entry.changes) == set(changes),
                    succeeded=found,
                    evidence="in the audit" if found else "not in the audit",
                )


def careless_log(run: Run) -> Iterator[Attempt]:
    """Log a personal value under the name of its field."""
    run.needs_code()
    from apps.core.json_log import JsonFormatter

    for name in ("legal_name", "date_of_birth", "annual_income"):
        lines = io.StringIO()
        handler = logging.StreamHandler(lines)
        handler.setFormatter(JsonFormatter())
        record = logging.LogRecord("l", logging.INFO, "f.py", 1, "seen", (), None)
        record.fields = {"about": {name: _VALUES[name]}}
        handler.emit(record)
        text = lines.getvalue()
        yield judged(
            f"a line with {name}",
            stopped="seen" in text and _VALUES[name] not in text,
            succeeded=_VALUES[name] in text,
            evidence="in the log" if _VALUES[name] in text else "redacted",
        )


def reveal_without_reason(run: Run) -> Iterator[Attempt]:
    """Have a profile and a buyer shown in clear without saying why."""
    buyer, manager = run.caller("buyer"), run.caller("manager")
    offer = f"/api/v2/offers/{first_of(manager, 'offers')['id']}/reveal"
    for who, caller, path in (
        ("the own profile", buyer, "/api/v2/buyer-profile/reveal"),
        ("the buyer of an offer", manager, offer),
    ):
        for what, body in (
            ("nothing", {}),
            ("an empty reason", {"reason": ""}),
            ("blanks", {"reason": "   "}),
            ("a book", {"reason": "because " * 30}),
        ):
            yield refused(f"{who}, with {what}", caller.post(path, body), 400, "validation_failed")


def reveal_of_another_role(run: Run) -> Iterator[Attempt]:
    """Have the buyer of an offer shown in clear by whoever may read the offer."""
    why = {"reason": "Out of curiosity"}
    path = f"/api/v2/offers/{first_of(run.caller('manager'), 'offers')['id']}/reveal"
    for role in ("agent", "buyer"):
        yield refused(f"as {role}", run.caller(role).post(path, why), 403, "not_permitted")


def reveal_without_end(run: Run) -> Iterator[Attempt]:
    """Have one thing after the other shown in clear, with a new key for each handful."""
    run.needs_code()
    with undone():
        buyer = new_buyer()
        run.with_key(new_key(buyer, "write")).put("/api/v2/buyer-profile", PROFILE)
        why, statuses = {"reason": "The whole list, please"}, []
        for _ in range(4):
            thief = run.with_key(new_key(buyer, "read"))
            for _ in range(16):
                path = "/api/v2/buyer-profile/reveal"
                statuses.append(thief.post(path, why).status)
                if statuses[-1] == 429:
                    break
        shown = statuses.count(200)
        yield judged(
            "sixty-four of them at once",
            stopped=429 in statuses and 50 < shown <= 62,
            succeeded=shown == 64,
            evidence=f"{shown} shown",
        )


def unrecorded_reveal(run: Run) -> Iterator[Attempt]:
    """Have a profile shown in clear and leave no trace."""
    run.needs_code()
    entries = model("audit.AuditEntry").objects
    before = entries.filter(verb="profile.revealed").count()
    shown = run.caller("buyer").post("/api/v2/buyer-profile/reveal", {"reason": "Unseen"})
    traces = entries.filter(verb="profile.revealed").count() - before
    yield judged(
        "look for the trace",
        stopped=shown.status == 200 and traces == 1,
        succeeded=shown.status == 200 and traces == 0,
        evidence=f"{shown.summary}, {traces} traces",
    )


def _errors() -> set[str]:
    """What the system checks of the models say about classes."""
    from django.core.checks import run_checks

    from apps.core.classification import classes_of

    classes_of.cache_clear()
    try:
        found = {error.id for error in run_checks(tags=["models"])}
    finally:
        classes_of.cache_clear()
    return {one for one in found if one and one.startswith("privacy")}
