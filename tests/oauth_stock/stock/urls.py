"""The library's URLs where its documentation puts them, and an API that its tokens open."""

from django.urls import include, path
from oauth2_provider.contrib.rest_framework import (
    OAuth2ProtectedResourceAuthentication,
    TokenHasScope,
)
from oauth2_provider.urls import metadata_urlpatterns
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView


class Me(APIView):
    """Who is calling? A token with `read` is needed."""

    authentication_classes = (OAuth2ProtectedResourceAuthentication,)
    permission_classes = (IsAuthenticated, TokenHasScope)
    required_scopes = ("read",)

    def get(self, request):
        return Response({"user": request.user.get_username()})

    post = get


class Administration(Me):
    """The same for `admin`."""

    required_scopes = ("admin",)


class Open(APIView):
    """What anyone may read, and who calls is known where a token is sent."""

    authentication_classes = (OAuth2ProtectedResourceAuthentication,)
    permission_classes = (AllowAny,)

    def get(self, request):
        return Response({"results": []})


urlpatterns = [
    path("", include(metadata_urlpatterns)),
    path("oauth/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("api/me", Me.as_view()),
    path("api/administration", Administration.as_view()),
    path("api/open", Open.as_view()),
]
