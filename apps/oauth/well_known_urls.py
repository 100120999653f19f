"""Public documents, below `/.well-known/` (RFC 8615)."""

from django.urls import path

from . import discovery

urlpatterns = [
    path("openid-configuration", discovery.openid_document),
    path("oauth-authorization-server", discovery.server_document),
    path("oauth-protected-resource", discovery.resource_document),
    path("jwks.json", discovery.key_set),
]
