from django.urls import path

from . import views

urlpatterns = [
    path("", views.page),
    path("page.js", views.script),
    path("login", views.login),
    path("callback", views.callback),
    path("logout", views.logout),
    path("api/<path:path>", views.api),
]
