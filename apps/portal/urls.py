"""Pages for people, below `/docs/`."""

from django.urls import path

from . import views

app_name = "portal"

urlpatterns = [
    path("", views.reference, name="reference"),
    path("v1", views.reference_v1, name="reference_v1"),
    path("migrate-v1-v2", views.migrate, name="migrate"),
    path("errors/", views.errors, name="errors"),
    path("errors/<slug:code>", views.error, name="error"),
]
