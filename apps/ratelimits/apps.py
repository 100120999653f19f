from django.apps import AppConfig
from django.core.checks import Tags, register


class RatelimitsConfig(AppConfig):
    name = "apps.ratelimits"

    def ready(self) -> None:
        from apps.ratelimits.checks import check_shared_store

        register(check_shared_store, Tags.security)
