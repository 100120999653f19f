from django.apps import AppConfig


class OAuthConfig(AppConfig):
    name = "apps.oauth"
    label = "oauth"

    def ready(self) -> None:
        from . import checks  # noqa: F401 (registers the check)
