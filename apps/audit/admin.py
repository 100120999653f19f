"""The audit in the admin: each entry with its proof, and whether it verifies here and now."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join

from .actors import Visitor
from .admin_pages import ReadOnly
from .entry_mac import FIELDS
from .evidence import NoEvidence, evidence
from .models import AuditCheckpoint, AuditEntry
from .recording import record
from .verbs import Verb


class Recorded(ReadOnly):
    """Pages about the audit; who looks at them is recorded."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        shown = {"what": self.opts.model_name, "filters": sorted(request.GET)}
        record(Verb.AUDIT_READ, Visitor(request.user.pk), changes=shown)
        return super().changelist_view(request, extra_context)


@admin.register(AuditEntry)
class AuditEntryAdmin(Recorded):
    list_display = ("at", "verb", "outcome", "actor", "credential", "object_type", "object_id")
    list_filter = ("verb", "outcome")
    search_fields = ("actor", "object_id", "request_id")
    ordering = ("-id",)
    show_full_result_count = False  # counting a log takes longer than showing a page of it
    readonly_fields = ("id", "verifies", "proof")
    fieldsets = ((None, {"fields": FIELDS}), ("Seal", {"fields": ("verifies", "proof")}))

    def get_object(self, request: HttpRequest, *key: str) -> AuditEntry | None:
        entry = super().get_object(request, *key)
        if entry is not None:
            shown = {"what": "entry with its proof"}
            record(Verb.AUDIT_READ, Visitor(request.user.pk), entry, changes=shown)
        return entry

    @admin.display(description="Verifies")
    def verifies(self, entry: AuditEntry) -> str:
        try:
            found = evidence(entry.pk)
        except NoEvidence as reason:
            return f"Not yet: {reason}"
        if not found.holds:
            text = "NO: this is not the entry that was sealed at position {}."
            return format_html(f"<strong class='errornote'>{text}</strong>", found.position)
        return f"Yes: sealed at position {found.position} of {found.checkpoint.size}."

    @admin.display(description="Proof")
    def proof(self, entry: AuditEntry) -> str:
        """Position, hashes from the leaf up, and the signed checkpoint: `audit prove` as JSON."""
        try:
            found = evidence(entry.pk)
        except NoEvidence:
            return "-"
        path = format_html_join(
            "", "<li><code>{}</code></li>", ((one.hex(),) for one in found.path)
        )
        return format_html(
            "<p>Leaf <code>{}</code>, then:</p><ol>{}</ol><p>{} to the root of</p>"
            "<textarea readonly cols='72' rows='8'>{}</textarea>"
            "<p>Check it without this service: docs/verify_audit.py.</p>",
            found.leaf.hex(),
            path,
            "lead" if found.holds else "do NOT lead",
            found.note,
        )


@admin.register(AuditCheckpoint)
class AuditCheckpointAdmin(Recorded):
    list_display = ("size", "at")
    ordering = ("-size",)
    fields = ("size", "at", "note")
