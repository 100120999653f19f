"""The audit: one row for each thing done or refused, its place in the tree, and what was signed.

Rows are only ever inserted. Triggers refuse UPDATE and DELETE in the database itself, because
whoever can change rows through the ORM can also change them without it (ASVS 16.4.2).
"""

from django.db import models

from apps.core.classification import Classified
from apps.core.ids import uuid7


class AuditEntry(models.Model):
    """Who did what to which object, how it ended, and a MAC over all of it.

    No foreign keys: an entry outlives what it speaks of, and nothing cascades into it. No personal
    or secret values: `changes` holds names of fields, and values only where they are neither.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=80)
    credential = models.CharField(max_length=80, blank=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=45, blank=True)
    route = models.CharField(max_length=120, blank=True)
    mac = models.BinaryField(max_length=32)

    classified = Classified(
        internal="id at verb outcome reason actor credential object_type object_id changes"
        " request_id route",
        personal="address",
        secrets="mac",
        clear={
            "address": "who looks for an intruder compares addresses; goes with its range",
            "mac": "a keyed hash of the row",
        },
        named_in="actor",
        kept="nothing that was recorded can be unsaid: of a person it holds the id",
        remains=dict.fromkeys(("address", "mac"), "sealed with its row, until retention"),
    )

    class Meta:
        db_table = "audit_entry"
        default_permissions = ("view",)
        verbose_name_plural = "audit entries"
        # What somebody did, and what happened to something: `/me/activity` asks for both.
        indexes = [
            models.Index(fields=["actor", "at"], name="audit_entry_actor"),
            models.Index(fields=["object_id", "at"], name="audit_entry_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.verb} {self.outcome}"


class AuditLeaf(models.Model):
    """The place of one entry in the tree, given when it was sealed: gap-free, from 0 on.

    `hashes` joins what this leaf completes: its own hash, then that of the two, four, eight …
    leaves that end with it, so that every inner node stands in exactly one row and a proof is
    read by primary key. A leaf outlives its entry: what retention removes stays proved.
    """

    position = models.PositiveBigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    hashes = models.BinaryField()

    classified = Classified(internal="position entry_id hashes")

    class Meta:
        db_table = "audit_leaf"
        default_permissions = ("view",)
        verbose_name_plural = "audit leaves"

    def __str__(self) -> str:
        return f"{self.position}: {self.entry_id}"


class AuditCheckpoint(models.Model):
    """A signed statement about the first `size` leaves (apps/audit/checkpoint.py)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    size = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    note = models.TextField()

    classified = Classified(internal="id size at note")

    class Meta:
        db_table = "audit_checkpoint"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"checkpoint of {self.size} entries"
