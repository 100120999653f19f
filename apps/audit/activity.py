"""What one user did, and what was done to their account: the part of the audit that is theirs."""

from uuid import UUID

from django.db.models import Q, QuerySet

from .models import AuditEntry


def activity_of(user_id: UUID) -> QuerySet[AuditEntry]:
    """Rows by this user or about this user. Two indexes answer it."""
    about = Q(object_type="user", object_id=str(user_id))
    return AuditEntry.objects.filter(Q(actor=f"user:{user_id}") | about)
