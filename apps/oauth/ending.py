"""Ending what clients may do for a person: all of it, or one connected app (ASVS 10.7.3)."""

from django.db import transaction

from apps.accounts.models import User
from apps.audit.recording import Actor, record
from apps.audit.verbs import Verb

from . import families
from .models import Consent, OAuthClient


def end_tokens(by: Actor, user: User) -> None:
    """settings.TOKENS_END_BY: every code and token of this person ends; what they allowed stands.

    An app asks anew, and finds the consent it had: the person has to sign in for that.
    """
    ended = families.end(user=user)
    if ended:
        record(Verb.TOKEN_REVOKED, by, user, changes={"families": ended})


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
