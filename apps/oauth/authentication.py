"""From the text of an access token to a Credential (settings.CREDENTIAL_RESOLVERS).

Only what this provider made as an access token is one: an ID token, or any other JWT, is not even
looked at.
"""

from uuid import UUID

from django.conf import settings

from apps.access.challenges import CredentialRefused, Reason
from apps.access.credential import Credential, Kind, Tier
from apps.agencies.roles import Role

from . import scopes, token_format
from .bearer import find, refusal_of

_PREFIX = f"gh_{token_format.Kind.ACCESS_TOKEN}_"


def resolve(text: str, address: str) -> Credential | None:
    """The credential of this token, or None where the text is no access token of ours.

    Raises CredentialRefused. With a user it has the user's role and agency, without one those of
    its client.
    """
    if not text.startswith(_PREFIX):
        return None
    if not token_format.is_genuine(text, token_format.Kind.ACCESS_TOKEN):
        raise CredentialRefused(Reason.CHECKSUM)
    token = find(text)
    if token is None:
        raise CredentialRefused(Reason.UNKNOWN)
    refused = refusal_of(token, settings.OAUTH_RESOURCE)
    if refused is not None:
        raise CredentialRefused(refused, _name(token.client_id, token.user_id))
    role, agency_id = token.role or Role.BUYER, token.agency_id
    if token.user_id is None:
        role, agency_id = token.client_role, token.client_agency_id
    return Credential(
        kind=Kind.TOKEN,
        id=_id(token.client_id, token.user_id),
        user_id=token.user_id,
        agency_id=agency_id,
        role=Role(role),
        scopes=scopes.of_api(token.scopes),
        client=token.client_id,
        tier=Tier(token.client_tier),
        expires_at=token.expires,
        authenticated_at=token.signed_in_at,
        methods=tuple(token.methods),
    )


def _id(client_id: str, user_id: UUID | None) -> str:
    """What limits, penalties and the audit call it: every token of one client for one user is one
    caller, so that fresh tokens are no fresh limits."""
    return f"{client_id}:{user_id}" if user_id else client_id


def _name(client_id: str, user_id: UUID | None) -> str:
    return f"{Kind.TOKEN}:{_id(client_id, user_id)}"
