"""`record()`: the one way into the audit log.

It is called where the thing happens, in the transaction of the change, so that neither can be
without the other. There are no signals: who reads the domain function sees what it records.
"""

from datetime import UTC, datetime
from typing import Protocol

from django.conf import settings
from django.db import models

from apps.core.compiled import insert
from apps.core.ids import uuid7
from apps.core.redaction import redacted
from apps.core.request_context import current_request

from .entry_mac import entry_mac
from .models import AuditEntry
from .spoken import spoken
from .verbs import Outcome, Verb


class Actor(Protocol):
    """Who acts: names that stay true when the user or the key is gone."""

    @property
    def actor(self) -> str: ...

    @property
    def name(self) -> str: ...


def record(
    verb: Verb,
    by: Actor,
    about: models.Model | None = None,
    *,
    outcome: Outcome = Outcome.DONE,
    reason: str = "",
    changes: dict[str, object] | None = None,
) -> None:
    """Insert one entry. Raises whatever the database raises: no audit, no act.

    `changes` may hold names of fields and values. Those of personal and secret fields do not get
    in, whatever a caller hands over; nor does what looks like one, in `reason` either (`spoken`).
    """
    facts = current_request.get()
    entry: dict[str, object] = {
        "id": uuid7(),
        "at": datetime.now(UTC),
        "verb": verb.value,
        "outcome": outcome.value,
        "reason": redacted(reason)[:200],
        "actor": by.actor,
        "credential": by.name,
        "object_type": about._meta.model_name if about is not None else "",
        "object_id": str(about.pk) if about is not None else "",
        "changes": spoken(changes, about) if changes else {},
        "request_id": facts.request_id,
        "address": facts.address,
        "route": facts.route[:120],
    }
    insert(AuditEntry(**entry, mac=entry_mac(settings.AUDIT_KEY, entry)))
