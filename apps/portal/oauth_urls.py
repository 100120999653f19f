"""Pages of the provider, below `/oauth/`."""

from django.urls import path

from . import authorize

urlpatterns = [
    path("authorize", authorize.authorize, name="oauth_authorize"),
    path("consent", authorize.consent, name="oauth_consent"),
]
