"""Ending what a client may do for a person: connected apps (ASVS 10.7.3)."""

from django.db import transaction

from apps.accounts.models import User
from apps.audit.recording import Actor, record
from apps.audit.verbs import Verb

from . import families
from .models import Consent, OAuthClient


@transaction.atomic
def end_client_access(by: Actor, user: User, client: OAuthClient) -> bool:
    """Every token of this client for this person ends, and so does the consent; had it any?

    The client has to ask again, and the person is asked again.
    """
    forgotten, _ = Consent.objects.filter(user=user, client=client).delete()
    ended = families.end(user=user, client=client)
    if not forgotten and not ended:
        return False
    record(Verb.CLIENT_ACCESS_ENDED, by, user, changes={"client": client.client_id})
    return True
