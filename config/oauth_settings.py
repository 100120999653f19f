"""The OAuth2 and OpenID Connect provider (apps/oauth): settings of the library below it.

The same in every deployment, so nothing here is read from the environment; config/settings.py takes
all of it over and adds where the service stands. What can be decided by code is decided there
(apps/oauth/server.py, validator.py), so that no value here could open it again.
"""

OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth.OAuthClient"
OAUTH2_PROVIDER_GRANT_MODEL = "oauth.AuthorizationCode"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth.AccessToken"  # noqa: S105 (a model's name)
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "oauth.RefreshToken"  # noqa: S105
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "apps.oauth.server.Server",
    "OIDC_SERVER_CLASS": "apps.oauth.server.Server",
    "OAUTH2_VALIDATOR_CLASS": "apps.oauth.validator.Validator",
    "SCOPES_BACKEND_CLASS": "apps.oauth.scopes.ClientScopes",
    "OIDC_ENABLED": True,
    "PKCE_REQUIRED": True,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "ID_TOKEN_EXPIRE_SECONDS": 300,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 14 * 86400,
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    # Redirects are ours (apps/oauth/redirect_uris.py), loopback of native clients included.
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "ALLOW_URI_WILDCARDS": False,
    "DEFAULT_SCOPES": [],
    "REQUEST_APPROVAL_PROMPT": "force",
    # What discovery may say. It says nothing of what is served: the server class does.
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OIDC_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "client_credentials", "refresh_token"],
    **{
        f"COMPLIANT_BCP_RFC9700_{gate}": True
        for gate in (
            "IMPLICIT_GRANT",
            "PASSWORD_GRANT",
            "PKCE_METHOD",
            "PKCE_REQUIRED",
            "ACCESS_TOKEN_TRANSPORT",
            "AUTHZ_RESPONSE_ISS",
            "TOKEN_STORAGE",
            "REFRESH_TOKEN",
            "REDIRECT_URI_SCHEME",
            "REDIRECT_URI_MATCHING",
        )
    },
}
