"""How callers show who they are, as security schemes and as the demand of one operation."""

from typing import Any

from django.conf import settings
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from apps.access.challenges import ACR
from apps.access.operation import Operation
from apps.access.scopes import Scope
from apps.agencies.roles import EVERYONE, Role

from .components import put

_SCOPES = {
    str(scope): f"{scope.partition(':')[0]} {scope.partition(':')[2] or 'everything'}"
    for scope in Scope
}
_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key as `Authorization: Bearer gh_live_…`.",
    },
    "oauth2": {
        "type": "oauth2",
        "description": (
            "An access token as `Authorization: Bearer gh_at_…`, by authorization code with PKCE "
            "or by client credentials. Discovery: `/.well-known/openid-configuration`."
        ),
        "flows": {
            "authorizationCode": {
                "authorizationUrl": f"{settings.OAUTH_ISSUER}/oauth/authorize",
                "tokenUrl": f"{settings.OAUTH_ISSUER}/oauth/token",
                "refreshUrl": f"{settings.OAUTH_ISSUER}/oauth/token",
                "scopes": _SCOPES,
            },
            "clientCredentials": {
                "tokenUrl": f"{settings.OAUTH_ISSUER}/oauth/token",
                "scopes": _SCOPES,
            },
        },
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The same API key in a header of its own. Never both headers at once.",
    },
}


def security(operation: Operation, registry: ComponentRegistry) -> list[dict[str, Any]]:
    """Any one of these will do; `{}` where none is needed."""
    for name, scheme in _SCHEMES.items():
        put(registry, ResolvedComponent.SECURITY_SCHEMA, name, scheme)
    nobody = [{}] if operation.anonymous else []
    scopes = {"oauth2": [str(operation.scope)] if operation.scope else []}
    return [*nobody, *({name: scopes.get(name, [])} for name in _SCHEMES)]


def roles(operation: Operation) -> list[str]:
    """Who may call it, in the order of the enum."""
    return [str(role) for role in Role if role in operation.roles]


def who(operation: Operation) -> str:
    """Who may call it, in a sentence."""
    scope = f"the scope `{operation.scope}`" if operation.scope else "any scope"
    if operation.anonymous:
        return f"Anyone may call this; a credential that is sent needs {scope}."
    if operation.roles == EVERYONE:
        return f"Needs a credential with {scope}, of any role."
    named = ", ".join(role.replace("_", " ") for role in roles(operation))
    named = " or ".join(named.rsplit(", ", 1))
    return f"Needs a credential with {scope}, of the role {named}.{_step_up(operation)}"


def _step_up(operation: Operation) -> str:
    if not operation.second_factor:
        return ""
    return (
        " Its person must have proved a second factor less than ten minutes ago: a token is else "
        f'answered with 401, `acr_values="{ACR}"` and `max_age` (RFC 9470).'
    )
