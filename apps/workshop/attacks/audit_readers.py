"""The audit over HTTP: read it without the right to, or without being seen."""

from collections.abc import Iterator
from uuid import uuid4

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.inside import model, new_key, undone
from apps.workshop.run import Run

_PATHS = ("audit/entries", "audit/checkpoints")


def not_an_auditor(run: Run) -> Iterator[Attempt]:
    """Read the audit in another role, or with a key that was not made for it."""
    for role in ("buyer", "agent", "manager"):
        for path in _PATHS:
            answer = run.caller(role).get(path)
            yield refused(f"a {role} reads {path}", answer, 403, "not_permitted")


def without_the_scope(run: Run) -> Iterator[Attempt]:
    """Read the audit with an auditor's key for something else."""
    run.needs_code()
    with undone():
        auditor = model("accounts.User").objects.filter(membership__role="auditor").first()
        caller = run.with_key(new_key(auditor, "read:listings"))
        for path in _PATHS:
            yield refused(
                f"a key for listings reads {path}", caller.get(path), 403, "insufficient_scope"
            )


def unseen_reading(run: Run) -> Iterator[Attempt]:
    """Look things up in the audit without leaving a trace."""
    run.needs_code()
    for path in _PATHS:
        request_id = str(uuid4())
        works(run.caller("auditor").get(path, X_Request_ID=request_id))
        seen = model("audit.AuditEntry").objects.filter(request_id=request_id).count()
        yield judged(
            f"read {path}", stopped=seen == 1, succeeded=seen == 0, evidence=f"{seen} entries"
        )


def auditor_reads(run: Run) -> None:
    """Auditors and platform admins read it."""
    for role in ("auditor", "platform_admin"):
        for path in _PATHS:
            if "results" not in works(run.caller(role).get(path)).json:
                raise HonestUseBroken("the audit is not shown")
