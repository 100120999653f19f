"""What people have allowed which client: remembered for one person, one client and these scopes.

Whose identity nobody proves is not remembered: any program can say that it is a public client, so
its requests are shown every time (RFC 8252 section 8.6, ASVS 10.7.1).
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.actors import Visitor
from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb

from .models import Consent, OAuthClient
from .scopes import KNOWN


def remembered(user: User, client: OAuthClient) -> frozenset[str]:
    """The scopes that this person has allowed this client before."""
    row = Consent.objects.filter(user=user, client=client).first()
    return frozenset(row.scopes) if row else frozenset()


def covers(user: User, client: OAuthClient, scopes: Iterable[str]) -> bool:
    """May the client have all of these without asking again?"""
    return client.is_confidential and remembered(user, client).issuperset(scopes)


@transaction.atomic
def give(user: User, client: OAuthClient, scopes: Iterable[str]) -> None:
    """Remember it, together with what was allowed before."""
    now = datetime.now(UTC)
    Consent.objects.get_or_create(
        user=user, client=client, defaults={"scopes": [], "granted_at": now}
    )
    row = Consent.objects.select_for_update().get(user=user, client=client)
    row.scopes = sorted({*row.scopes, *scopes}, key=KNOWN.index)
    row.granted_at = now
    row.save()
    record(Verb.CONSENT_GIVEN, Visitor(user.pk), client, changes={"scopes": sorted(scopes)})


def refuse(user: User, client: OAuthClient) -> None:
    """Somebody was asked and said no."""
    record(Verb.CONSENT_REFUSED, Visitor(user.pk), client, outcome=Outcome.REFUSED)
