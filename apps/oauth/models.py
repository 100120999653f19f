"""The OAuth provider's tables. At rest stand hashes: nothing here lets anybody in.

A family is everything that came of one consent, or of one request of a client for itself: its
code, its access tokens, its refresh tokens. Who, for which client, with which rights and how they
signed in is said once, in the family; ending it ends all of them with one row.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from jwcrypto.jwk import JWK
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractApplication,
    AbstractGrant,
    AbstractRefreshToken,
)
from oauthlib.oauth2.rfc6749.errors import MissingRedirectURIError

from apps.access.credential import Tier
from apps.agencies.models import Agency
from apps.agencies.roles import AGENCY_STAFF, Role
from apps.core.classification import Classified
from apps.core.ids import uuid7
from apps.encryption.fields import EncryptedTextField

from . import redirect_uris
from .grants import COMBINATIONS, Grant, parse, stored
from .registration import faults

_HASH = "a hash of random characters"
_GRANT_TYPES = [stored(grants) for grants in COMBINATIONS]
_CLIENT_TYPES = (AbstractApplication.CLIENT_CONFIDENTIAL, AbstractApplication.CLIENT_PUBLIC)
_CONFIDENTIAL, _PUBLIC = _CLIENT_TYPES


def new_client_id() -> str:
    """A public name; whoever knows it knows nothing."""
    return str(uuid7())


class OAuthClient(AbstractApplication):
    """A program that asks for tokens. With client credentials it acts as `role` of `agency`.

    `scopes` is what it may ask for, `resources` which other audiences than this service it may
    name (RFC 8707), `serves` the one audience that it is and whose tokens it may introspect.
    """

    client_id = models.CharField(
        max_length=36, unique=True, default=new_client_id, editable=False, verbose_name="client ID"
    )
    #: SHA-256 of the secret, in hexadecimal; a public client has none.
    client_secret = models.CharField(max_length=64, blank=True, editable=False)
    name = models.CharField(max_length=60)
    client_type = models.CharField(
        max_length=12, choices=[(t, t) for t in (_CONFIDENTIAL, _PUBLIC)]
    )
    grant_types = models.CharField(max_length=60, choices=[(text, text) for text in _GRANT_TYPES])
    scopes = models.JSONField(default=list, blank=True)
    redirect_uris = models.JSONField(default=list, blank=True)
    allowed_origins = models.JSONField(default=list, blank=True)
    resources = models.JSONField(default=list, blank=True)
    serves = models.CharField(max_length=200, blank=True)
    is_native = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    role = models.CharField(
        max_length=20, choices=[(role, role) for role in Role], default=Role.BUYER
    )
    tier = models.CharField(max_length=10, default=Tier.FREE, choices=[(t, t) for t in Tier])

    # What the library knows beside: one answer for every client, so that none can be registered
    # with another.
    algorithm = AbstractApplication.RS256_ALGORITHM
    skip_authorization = False
    hash_client_secret = True
    registration_source = AbstractApplication.RegistrationSource.MANUAL.value
    post_logout_redirect_uris = ""
    authorization_grant_type = None
    cimd_expires_at = None
    user = None

    classified = Classified(
        internal="id client_id name client_type grant_types scopes redirect_uris allowed_origins"
        " resources serves is_native is_active agency role tier created updated",
        secrets="client_secret",
        clear={"client_secret": _HASH},
    )

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
        verbose_name = "OAuth client"
        constraints = [
            models.CheckConstraint(
                condition=Q(grant_types__in=_GRANT_TYPES), name="oauth_client_grants_are_known"
            ),
            models.CheckConstraint(
                condition=Q(client_type=_CONFIDENTIAL, is_native=False) & ~Q(client_secret="")
                | Q(client_type=_PUBLIC, client_secret="", serves=""),
                name="oauth_client_secret_fits_type",
            ),
            models.CheckConstraint(
                condition=Q(client_type=_CONFIDENTIAL)
                | ~Q(grant_types__contains=Grant.CLIENT_CREDENTIALS),
                name="oauth_client_public_acts_for_people",
            ),
            models.CheckConstraint(
                condition=Q(role__in=sorted(Role)), name="oauth_client_role_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(AGENCY_STAFF)) | Q(agency__isnull=False),
                name="oauth_client_staff_has_agency",
            ),
            models.CheckConstraint(
                condition=Q(tier__in=sorted(Tier)), name="oauth_client_tier_is_known"
            ),
        ]

    def clean(self) -> None:
        """Raises ValidationError with every fault, by field."""
        found = faults(self)
        if found:
            raise ValidationError(found)

    @property
    def grants(self) -> frozenset[Grant]:
        return parse(self.grant_types)

    @property
    def is_confidential(self) -> bool:
        return self.client_type == _CONFIDENTIAL

    @property
    def is_resource_server(self) -> bool:
        return bool(self.serves)

    @property
    def default_redirect_uri(self) -> str:
        if len(self.redirect_uris) != 1:
            raise MissingRedirectURIError
        return self.redirect_uris[0]

    def redirect_uri_allowed(self, uri: str) -> bool:
        return any(redirect_uris.allows(registered, uri) for registered in self.redirect_uris)

    def origin_allowed(self, origin: str) -> bool:
        return origin in self.allowed_origins

    def allows_grant_type(self, *grant_types: str) -> bool:
        return not self.grants.isdisjoint(grant_types)

    def is_usable(self, request: Any) -> bool:
        return self.is_active

    @property
    def jwk_key(self) -> JWK:
        from .signing_keys import current, private_jwk

        return private_jwk(current())


class TokenFamily(models.Model):
    """What one consent gave to one client, or, without a user, a client's rights of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(OAuthClient, on_delete=models.CASCADE, related_name="families")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    scopes = models.JSONField()
    #: The audiences that were granted; every token is for one of them.
    resources = models.JSONField()
    signed_in_at = models.DateTimeField(null=True)
    methods = models.JSONField(default=list)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    classified = Classified(
        internal="id client user scopes resources signed_in_at methods started_at ended_at",
        person="user",
    )

    class Meta:
        indexes = [
            models.Index(fields=["user", "client"], name="oauth_family_of_user"),
            models.Index(fields=["started_at"], name="oauth_family_by_start"),
        ]
        verbose_name_plural = "token families"

    def __str__(self) -> str:
        return str(self.pk)


class AuthorizationCode(AbstractGrant):
    """A code on its way from the consent page to the client, and its trace once it was used."""

    #: SHA-256 in hexadecimal.
    code = models.CharField(max_length=64, unique=True)
    family = models.OneToOneField(TokenFamily, on_delete=models.CASCADE, related_name="code")
    code_challenge = models.CharField(max_length=43)
    used_at = models.DateTimeField(null=True)

    code_challenge_method = AbstractGrant.CODE_CHALLENGE_S256
    user = application = scope = claims = resource = updated = None

    classified = Classified(
        internal="id family expires redirect_uri created code_challenge nonce used_at",
        secrets="code",
        clear={"code": _HASH},
        person="family__user",
    )

    class Meta(AbstractGrant.Meta):
        swappable = "OAUTH2_PROVIDER_GRANT_MODEL"
        indexes = [models.Index(fields=["expires"], name="oauth_code_by_end")]
        constraints = [
            models.CheckConstraint(condition=~Q(code_challenge=""), name="oauth_code_has_challenge")
        ]


class AccessToken(AbstractAccessToken):
    """A bearer token of ten minutes, for one audience."""

    #: SHA-256 in hexadecimal.
    token_checksum = models.CharField(max_length=64, unique=True)
    family = models.ForeignKey(TokenFamily, on_delete=models.CASCADE, related_name="access_tokens")
    scopes = models.JSONField()
    audience = models.CharField(max_length=200)
    #: In time order, so that it says when the token was made, and nothing of how many there are.
    jti = models.UUIDField(default=uuid7, editable=False)
    revoked_at = models.DateTimeField(null=True)

    token = source_refresh_token = id_token = None
    user = application = scope = resource = updated = None

    classified = Classified(
        internal="id family scopes audience jti expires created revoked_at",
        secrets="token_checksum",
        clear={"token_checksum": _HASH},
        person="family__user",
    )

    class Meta(AbstractAccessToken.Meta):
        swappable = "OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL"
        indexes = [models.Index(fields=["expires"], name="oauth_access_by_end")]


class RefreshToken(AbstractRefreshToken):
    """What a client trades, once, for the next pair."""

    #: SHA-256 in hexadecimal.
    token_checksum = models.CharField(max_length=64, unique=True)
    family = models.ForeignKey(TokenFamily, on_delete=models.CASCADE, related_name="refresh_tokens")
    expires = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    token = access_token = token_family = revoked = None
    user = application = resource = updated = None

    classified = Classified(
        internal="id family expires created used_at",
        secrets="token_checksum",
        clear={"token_checksum": _HASH},
        person="family__user",
    )

    class Meta:
        swappable = "OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL"
        indexes = [models.Index(fields=["expires"], name="oauth_refresh_by_end")]


class Consent(models.Model):
    """What a person has allowed a client, once for both."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents"
    )
    client = models.ForeignKey(OAuthClient, on_delete=models.CASCADE, related_name="consents")
    scopes = models.JSONField()
    granted_at = models.DateTimeField()

    classified = Classified(internal="id user client scopes granted_at", person="user")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "client"], name="oauth_consent_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SigningKey(models.Model):
    """A key that signs ID tokens from `active_from` until the next one does."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kid = models.CharField(max_length=64, unique=True)
    private_key = EncryptedTextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)
    active_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    classified = Classified(
        internal="id kid created_at active_from retired_at", secrets="private_key"
    )

    def __str__(self) -> str:
        return self.kid
