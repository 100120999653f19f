"""The audit as auditors see it: entries, proofs and checkpoints."""

from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from apps.audit.evidence import Evidence
from apps.audit.models import AuditCheckpoint, AuditEntry
from apps.audit.verbs import Outcome, Verb
from apps.core.data_classes import DataClass, Output, classified, stored
from apps.core.text import matching
from apps.core.values import Id, Moment, moment

from .api_key import End
from .page import PageQuery

_LARGEST = 2**53 - 1  # the largest whole number that every JSON reader keeps exact
_HASH = {"min_length": 64, "max_length": 64, "pattern": "^[0-9a-f]{64}$", "examples": ["ab" * 32]}
_NOTE = "api.example.com/audit\n3\nq83v…=\n\n— api.example.com/audit wXyz…\n"
VerbName = Literal[tuple(str(verb) for verb in Verb)]
OutcomeName = Literal[tuple(str(outcome) for outcome in Outcome)]
Hash = Annotated[str, Field(**_HASH)]


def _name(length: int, example: str) -> Any:
    """An actor, an object or a request: names that the service made, never text of people."""
    return Annotated[
        str,
        Field(min_length=1, max_length=length, examples=[example]),
        matching(rf"[A-Za-z0-9_:.-]{{1,{length}}}", "wrong_format", "It is a name from an entry"),
    ]


def _number() -> Any:
    return classified(DataClass.INTERNAL, ge=0, le=_LARGEST)


class EntryQuery(PageQuery):
    """Filters, all of which must hold, and the page."""

    verb: VerbName | None = None
    outcome: OutcomeName | None = None
    actor: _name(80, "user:0198c1d4-5e2f-7a56-9145-270ce6b3bebd") | None = None
    object_type: _name(40, "offer") | None = None
    object_id: _name(40, "0198c1d4-5e2f-7a56-9145-270ce6b3bebd") | None = None
    request_id: _name(64, "5f2b9c0e7d1a4c6f8e3b2a1d0c9f8e7d") | None = None
    since: End | None = None
    until: End | None = None

    def terms(self) -> dict[str, Any]:
        """As the table takes them."""
        terms = self.model_dump(exclude={"limit", "cursor", "since", "until"}, exclude_none=True)
        terms |= {"at__gte": self.since} if self.since else {}
        return terms | ({"at__lt": self.until} if self.until else {})


class ChangeShown(Output):
    """One member of what an entry says about its act, its value as JSON."""

    name: str = classified(DataClass.INTERNAL, max_length=100, examples=["bedrooms"])
    value: str = classified(DataClass.INTERNAL, max_length=10_000, examples=["4"])


class EntryShown(Output):
    """One entry. `position` is its place in the tree, null until it is sealed."""

    shows = AuditEntry

    id: Id = stored()
    position: int | None = _number()
    at: Moment = stored()
    verb: VerbName = stored()
    outcome: OutcomeName = stored()
    reason: str = stored(max_length=200, examples=["not_permitted"])
    actor: str = stored(max_length=80, examples=["user:0198c1d4-5e2f-7a56-9145-270ce6b3bebd"])
    credential: str = stored(
        max_length=80, examples=["api_key:0198c1d4-5e2f-7a56-9145-270ce6b3bebd"]
    )
    object_type: str = stored(max_length=40, examples=["listing"])
    object_id: str = stored(max_length=40, examples=["0198c1d4-5e2f-7a56-9145-270ce6b3bebd"])
    changes: list[ChangeShown] = stored(max_length=100)
    request_id: str = stored(max_length=64, examples=["a1b2c3d4e5f6"])
    address: str = stored(max_length=45, examples=["198.51.100.7"])
    route: str = stored(max_length=120, examples=["api/v2/listings"])


class ProofShown(Output):
    """What leads from the entry to a signed root: docs/verify_audit.py checks it without us.

    `holds` is what the service found; do not trust it, check it.
    """

    entry_id: Id = classified(DataClass.INTERNAL)
    position: int = _number()
    leaf_hash: Hash = classified(DataClass.INTERNAL)
    path: list[Hash] = classified(DataClass.INTERNAL, max_length=63)
    size: int = _number()
    root: Hash = classified(DataClass.INTERNAL)
    checkpoint: str = classified(DataClass.INTERNAL, max_length=1000, examples=[_NOTE])
    holds: bool = classified(DataClass.INTERNAL)


class CheckpointShown(Output):
    """A signed statement that the log has `size` entries under one root (C2SP tlog-checkpoint)."""

    size: int = _number()
    at: Moment = classified(DataClass.INTERNAL)
    checkpoint: str = classified(DataClass.INTERNAL, max_length=1000, examples=[_NOTE])


def entry_shown(entry: AuditEntry, position: int | None) -> dict[str, Any]:
    """The entry with its place."""
    return {
        "id": str(entry.id),
        "position": position,
        "at": moment(entry.at),
        "verb": entry.verb,
        "outcome": entry.outcome,
        "reason": entry.reason,
        "actor": entry.actor,
        "credential": entry.credential,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "changes": [
            {"name": name, "value": orjson.dumps(value).decode()}
            for name, value in entry.changes.items()
        ],
        "request_id": entry.request_id,
        "address": entry.address,
        "route": entry.route,
    }


def proof_shown(found: Evidence) -> dict[str, Any]:
    """The proof, and whether it holds here and now."""
    return {**found.as_json(), "holds": found.holds}


def checkpoint_shown(row: AuditCheckpoint) -> dict[str, Any]:
    """The note as it was signed."""
    return {"size": row.size, "at": moment(row.at), "checkpoint": row.note}
