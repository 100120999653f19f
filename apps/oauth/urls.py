"""Below /oauth/."""

from django.urls import path

from . import views

urlpatterns = [
    path("token", views.token),
    path("revoke", views.revoke),
    path("introspect", views.introspect),
]
