"""`/api/v2/audit`: the audit log, for auditors and platform admins. Who reads it is recorded."""

from uuid import UUID

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.access.scopes import Scope
from apps.agencies.roles import Role
from apps.audit.evidence import NoEvidence, evidence
from apps.audit.leaves import positions_of
from apps.audit.models import AuditCheckpoint, AuditEntry
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.core.answers import ok
from apps.core.cursor import cut_from, page
from apps.core.data_classes import DataClass
from apps.core.problems import Code, Problem

from .shapes.audit import (
    CheckpointShown,
    EntryQuery,
    EntryShown,
    ProofShown,
    checkpoint_shown,
    entry_shown,
    proof_shown,
)
from .shapes.page import PageOf, PageQuery, page_of

_READ = {
    "scope": Scope.READ_AUDIT,
    "roles": frozenset({Role.AUDITOR, Role.PLATFORM_ADMIN}),
    "permits": None,
    "limit": Limit.DEFAULT,
    "exposes": DataClass.PERSONAL,
}


class EntryCollection(Endpoint):
    """The audit log: who did what to which object, how it ended, sealed in a signed tree."""

    @operation(**_READ, query=EntryQuery, returns=PageOf[EntryShown])
    def get(self, call: Call) -> HttpResponse:
        """List audit entries

        Newest first; the filters are joined with "and". Reading the audit is recorded in it.
        """
        query: EntryQuery = call.query
        # Ids are in the order of time, so the primary key answers at any depth.
        found = page(
            cut_from(AuditEntry.objects.filter(**query.terms())),
            AuditEntry,
            call.request,
            ordering="-id",
            limit=query.limit,
            cursor=query.cursor,
        )
        filters = sorted(query.model_fields_set - {"limit", "cursor"})
        record(Verb.AUDIT_READ, call.credential, changes={"what": "entries", "filters": filters})
        places = positions_of([entry.pk for entry in found.rows])
        return ok(page_of(found, lambda entry: entry_shown(entry, places.get(entry.pk))))


class OneEntry(Endpoint):
    """Finds the entry of the path."""

    def find(self, credential: Credential, entry_id: UUID) -> AuditEntry:
        entry = AuditEntry.objects.filter(pk=entry_id).first()
        if entry is None:
            raise Problem(Code.NOT_FOUND)
        return entry


class EntryItem(OneEntry):
    """One entry."""

    @operation(**_READ, returns=EntryShown)
    def get(self, call: Call) -> HttpResponse:
        """Show an audit entry"""
        entry: AuditEntry = call.target
        _read(call, "entry")
        return ok(entry_shown(entry, positions_of([entry.pk]).get(entry.pk)))


class EntryProof(OneEntry):
    """The proof of one entry."""

    @operation(**_READ, returns=ProofShown)
    def get(self, call: Call) -> HttpResponse:
        """Prove an audit entry

        The way from the entry's hash to the root of the newest checkpoint (RFC 9162). 404 while
        the entry waits for its seal.
        """
        try:
            found = evidence(call.target.pk)
        except NoEvidence as reason:
            raise Problem(Code.NOT_FOUND, str(reason)) from None
        _read(call, "proof")
        return ok(proof_shown(found))


class CheckpointCollection(Endpoint):
    """What was signed."""

    @operation(**_READ, query=PageQuery, returns=PageOf[CheckpointShown])
    def get(self, call: Call) -> HttpResponse:
        """List checkpoints

        Newest first. Keep one: nobody can rewrite what it signs without your noticing.
        """
        found = page(
            cut_from(AuditCheckpoint.objects.all()),
            AuditCheckpoint,
            call.request,
            ordering="-size",
            limit=call.query.limit,
            cursor=call.query.cursor,
        )
        record(Verb.AUDIT_READ, call.credential, changes={"what": "checkpoints"})
        return ok(page_of(found, checkpoint_shown))


def _read(call: Call, what: str) -> None:
    record(Verb.AUDIT_READ, call.credential, call.target, changes={"what": what})
