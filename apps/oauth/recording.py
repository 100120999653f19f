"""What the audit is told of clients: which one acts, for whom, about which family."""

from dataclasses import dataclass

from django.db import models

from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb

from .models import OAuthClient


@dataclass(frozen=True, slots=True)
class ClientActor:
    """A client at one of its endpoints."""

    client_id: str

    @property
    def actor(self) -> str:
        return f"client:{self.client_id}"

    @property
    def name(self) -> str:
        return "client"


def note(
    verb: Verb,
    client: OAuthClient,
    about: models.Model,
    *,
    reason: str = "",
    changes: dict[str, object] | None = None,
) -> None:
    """One entry by this client; with a reason it is a refusal."""
    outcome = Outcome.REFUSED if reason else Outcome.DONE
    by = ClientActor(client.client_id)
    record(verb, by, about, outcome=outcome, reason=reason, changes=changes)
