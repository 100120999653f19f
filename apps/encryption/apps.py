"""The encryption room. A key ring that cannot be built stops the process before it serves."""

from django.apps import AppConfig


class EncryptionConfig(AppConfig):
    name = "apps.encryption"
    verbose_name = "Encryption at rest"

    def ready(self) -> None:
        from apps.encryption import reach  # noqa: F401 (registers its check)
        from apps.encryption.ring import key_ring

        key_ring()
