"""The OAuth provider's tables, our own from the first migration: swapping them later is painful.

An OAuth client has an owner agency and a role, so that client credentials have rights of their
own and no user has to lend theirs.
"""

from django.db import models
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractApplication,
    AbstractGrant,
    AbstractIDToken,
    AbstractRefreshToken,
)

from apps.agencies.models import Agency
from apps.agencies.roles import Role
from apps.core.classification import Classified


class OAuthClient(AbstractApplication):
    """A program that asks for tokens."""

    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])

    classified = Classified(
        internal="id client_id user redirect_uris post_logout_redirect_uris client_type"
        " authorization_grant_type hash_client_secret name skip_authorization created updated"
        " algorithm allowed_origins registration_source cimd_expires_at agency role",
        secrets="client_secret",
        clear={"client_secret": "a hash of random characters"},
        person="user",
        kept="a program goes on without whoever registered it",
        remains={"client_secret": "of the program, not of the person"},
    )

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"


class AuthorizationCode(AbstractGrant):
    """A code on its way from the consent page to the client."""

    classified = Classified(
        internal="id user application expires redirect_uri scope created updated code_challenge"
        " code_challenge_method nonce claims resource",
        secrets="code",
        clear={"code": "a hash of random characters, for a minute"},
        person="user",
    )

    class Meta(AbstractGrant.Meta):
        swappable = "OAUTH2_PROVIDER_GRANT_MODEL"


class AccessToken(AbstractAccessToken):
    """A short-lived bearer token."""

    classified = Classified(
        internal="id user source_refresh_token id_token application expires scope resource created"
        " updated",
        secrets="token token_checksum",
        clear=dict.fromkeys(("token", "token_checksum"), "a hash of random characters"),
        person="user",
    )

    class Meta(AbstractAccessToken.Meta):
        swappable = "OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL"


class RefreshToken(AbstractRefreshToken):
    """What a client trades for the next access token."""

    classified = Classified(
        internal="id user application access_token token_family resource created updated revoked",
        secrets="token token_checksum",
        clear=dict.fromkeys(("token", "token_checksum"), "a hash of random characters"),
        person="user",
    )

    class Meta(AbstractRefreshToken.Meta):
        swappable = "OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL"


class IDToken(AbstractIDToken):
    """Who signed in, for the client to read."""

    classified = Classified(
        internal="id user jti application expires scope created updated", person="user"
    )

    class Meta(AbstractIDToken.Meta):
        swappable = "OAUTH2_PROVIDER_ID_TOKEN_MODEL"
