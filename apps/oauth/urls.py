"""Below /oauth/."""

from django.urls import path

from . import userinfo, views

urlpatterns = [
    path("token", views.token),
    path("revoke", views.revoke),
    path("introspect", views.introspect),
    path("userinfo", userinfo.userinfo),
]
