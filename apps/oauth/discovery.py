"""The documents at /.well-known: what a client needs to know before it asks (RFC 8414, RFC 9728).

Ours and not the library's, which advertises what it does not serve (HS256, the hybrid flow) and
leaves out what it does. Each value stands here because something accepts it, and a test asks for
each, and for its neighbours. Nothing is taken from the request: not even from its Host.
"""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.access.challenges import ACR
from apps.access.scopes import Scope

from . import claims, signing_keys
from .asked import Prompt
from .grants import Grant
from .scopes import KNOWN

_DAY = 86_400
_SECRET = ["client_secret_basic", "client_secret_post"]


def server() -> dict[str, Any]:
    """RFC 8414 section 2, RFC 9207, RFC 8707."""
    at = settings.OAUTH_ISSUER
    return {
        "issuer": at,
        "authorization_endpoint": f"{at}/oauth/authorize",
        "token_endpoint": f"{at}/oauth/token",
        "jwks_uri": f"{at}/.well-known/jwks.json",
        "revocation_endpoint": f"{at}/oauth/revoke",
        "introspection_endpoint": f"{at}/oauth/introspect",
        "scopes_supported": [str(scope) for scope in KNOWN],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [str(grant) for grant in Grant],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": [*_SECRET, "none"],
        "revocation_endpoint_auth_methods_supported": [*_SECRET, "none"],
        "introspection_endpoint_auth_methods_supported": _SECRET,
        "authorization_response_iss_parameter_supported": True,
        "protected_resources": [settings.OAUTH_RESOURCE],
        "service_documentation": f"{settings.PUBLIC_URL}/docs/",
    }


def openid() -> dict[str, Any]:
    """OpenID Connect Discovery 1.0 section 3. What is absent there and has a default is said."""
    return server() | {
        "userinfo_endpoint": f"{settings.OAUTH_ISSUER}/oauth/userinfo",
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "acr_values_supported": [ACR],
        "prompt_values_supported": [str(prompt) for prompt in Prompt],
        "claim_types_supported": ["normal"],
        "claims_supported": list(claims.SUPPORTED),
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "require_request_uri_registration": False,
    }


def resource() -> dict[str, Any]:
    """RFC 9728 section 2: the API."""
    return {
        "resource": settings.OAUTH_RESOURCE,
        "authorization_servers": [settings.OAUTH_ISSUER],
        "scopes_supported": [str(scope) for scope in Scope],
        "bearer_methods_supported": ["header"],
        "resource_name": "Gatehouse",
        "resource_documentation": f"{settings.PUBLIC_URL}/docs/",
    }


@require_safe
def server_document(_request: HttpRequest) -> HttpResponse:
    """`/.well-known/oauth-authorization-server`."""
    return _public(server(), _DAY)


@require_safe
def openid_document(_request: HttpRequest) -> HttpResponse:
    """`/.well-known/openid-configuration`."""
    return _public(openid(), _DAY)


@require_safe
def resource_document(_request: HttpRequest) -> HttpResponse:
    """`/.well-known/oauth-protected-resource`."""
    return _public(resource(), _DAY)


@require_safe
def key_set(_request: HttpRequest) -> HttpResponse:
    """`/.well-known/jwks.json`: kept for no longer than a rotation waits."""
    keys = [signing_keys.public_jwk(key) for key in signing_keys.published()]
    return _public({"keys": keys}, signing_keys.JWKS_MAX_AGE.seconds)


def _public(document: dict[str, Any], seconds: int) -> HttpResponse:
    response = HttpResponse(json.dumps(document, indent=2), content_type="application/json")
    response["Cache-Control"] = f"public, max-age={seconds}"
    # The same for everyone and without a secret: pages of any origin may read it.
    response["Access-Control-Allow-Origin"] = "*"
    return response
