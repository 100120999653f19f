from django.apps import AppConfig


class ApiV2Config(AppConfig):
    name = "apps.api_v2"
    label = "api_v2"
