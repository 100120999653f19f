"""The apps that somebody has allowed to act for them. Ending one ends all that it was given."""

from uuid import UUID

from django.db.models import QuerySet

from apps.audit.recording import Actor

from .ending import end_client_access
from .models import Consent


def connected_to(user_id: UUID | None) -> QuerySet[Consent]:
    """Of this person alone, the newest first; a client that acts for itself has none."""
    found = Consent.objects.filter(user_id=user_id).select_related("client")
    return found.order_by("-granted_at", "-id")


def find(user_id: UUID | None, which: str | UUID) -> Consent | None:
    """One of this person's own."""
    try:
        return connected_to(user_id).filter(pk=UUID(str(which))).first()
    except ValueError:
        return None


def disconnect(by: Actor, app: Consent) -> None:
    """Tokens, codes and the consent itself: the next request of the app is asked about anew."""
    end_client_access(by, app.user, app.client)
