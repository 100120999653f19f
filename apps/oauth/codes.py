"""Authorization codes: saved as a hash, traded once; a second time ends what the first gave.

RFC 6749 section 4.1.2, RFC 9700 section 4.5. A used code is remembered as long as its family.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from oauthlib.common import Request

from apps.audit.verbs import Verb

from . import families
from .models import AuthorizationCode, TokenFamily
from .recording import note
from .resources import granted
from .sign_in import SignIn
from .token_format import Kind, hashed, is_genuine

_LIFE = timedelta(seconds=settings.OAUTH2_PROVIDER["AUTHORIZATION_CODE_EXPIRE_SECONDS"])


def save(code: str, request: Request) -> None:
    """A new family with its code: what `request.user` allowed `request.client` just now."""
    now = datetime.now(UTC)
    sign_in: SignIn = request.sign_in
    family = TokenFamily.objects.create(
        client=request.client,
        user=request.user,
        scopes=list(request.scopes),
        resources=granted(request),
        signed_in_at=sign_in.at,
        methods=list(sign_in.methods),
        started_at=now,
    )
    AuthorizationCode.objects.create(
        code=hashed(code),
        family=family,
        expires=now + _LIFE,
        redirect_uri=request.redirect_uri,
        code_challenge=request.code_challenge,
        nonce=request.nonce or "",
    )


def take(code: str, request: Request) -> bool:
    """May this client trade this code now? Puts what it stands for on the request."""
    if not is_genuine(code, Kind.CODE):
        return False
    family = families.locked(request.client, code__code=hashed(code))
    if family is None:
        return False
    row = AuthorizationCode.objects.get(family=family)
    now = datetime.now(UTC)
    if row.used_at is not None:
        # Two parties hold this code, and one of them stole it.
        if families.end(pk=family.pk):
            note(Verb.TOKEN_REPLAYED, request.client, family, reason="code")
        return False
    if row.expires <= now or families.is_over(family, now):
        return False
    request.family, request.code_row = family, row
    return True


def use(row: AuthorizationCode) -> None:
    """Mark it as used; its row is locked through its family."""
    row.used_at = datetime.now(UTC)
    row.save(update_fields=["used_at"])
