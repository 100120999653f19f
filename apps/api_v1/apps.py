from django.apps import AppConfig


class ApiV1Config(AppConfig):
    name = "apps.api_v1"
    label = "api_v1"
