"""Tokens are written here, for each grant, in the transaction that judged it."""

from datetime import UTC, datetime, timedelta

from oauthlib.common import Request

from apps.audit.verbs import Verb

from . import codes, refreshing
from .grants import Grant
from .models import AccessToken, TokenFamily
from .recording import note
from .token_format import hashed


def issue(token: dict[str, object], request: Request) -> None:
    """Store the hashes of what the client is about to be given, and use up what it gave."""
    now = datetime.now(UTC)
    if request.grant_type == Grant.CLIENT_CREDENTIALS:
        request.family = _own_family(request, now)
    elif request.grant_type == Grant.AUTHORIZATION_CODE:
        codes.use(request.code_row)
    else:
        refreshing.use(request.refresh_row)
    family: TokenFamily = request.family
    AccessToken.objects.create(
        token_checksum=hashed(token["access_token"]),
        family=family,
        expires=now + timedelta(seconds=token["expires_in"]),
        scopes=request.scopes,
        audience=request.audience,
    )
    if "refresh_token" in token:
        refreshing.save(token["refresh_token"], family, now)
    note(
        Verb.TOKEN_ISSUED,
        request.client,
        family,
        changes={
            "grant": str(request.grant_type),
            "scopes": list(request.scopes),
            "audience": request.audience,
            "user": str(family.user_id) if family.user_id else None,
        },
    )


def _own_family(request: Request, now: datetime) -> TokenFamily:
    return TokenFamily.objects.create(
        client=request.client,
        scopes=list(request.scopes),
        resources=[request.audience],
        started_at=now,
    )
