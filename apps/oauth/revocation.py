"""Revocation (RFC 7009): whichever token of a family comes back, all of the family ends.

An access token takes its refresh token along, or whoever stole both would simply refresh.
"""

from django.db.models import Q

from apps.audit.verbs import Verb

from . import families
from .models import OAuthClient, TokenFamily
from .recording import note
from .token_format import hashed


def revoke(client: OAuthClient, text: str) -> None:
    """End the family of this token, if it is this client's own. Says nothing either way."""
    checksum = hashed(text)
    own = TokenFamily.objects.filter(client=client, ended_at=None)
    of_token = Q(access_tokens__token_checksum=checksum) | Q(
        refresh_tokens__token_checksum=checksum
    )
    family = own.filter(of_token).first()
    if family is not None and families.end(pk=family.pk):
        note(Verb.TOKEN_REVOKED, client, family)
