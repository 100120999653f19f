"""Takes out what is no middleware: audit and encryption."""

from typing import Any

from django.apps import AppConfig


class Bare(AppConfig):
    """Listings are written without an entry, and addresses as they are."""

    name = "benchmarks.bare"

    def ready(self) -> None:
        from apps.encryption.encrypted_field import EncryptedField
        from apps.encryption.sealed import Sealed
        from apps.listings import lifecycle

        def seal(_field: Any, _instance: Any, value: str) -> Sealed:
            return Sealed(value.encode())

        def unseal(_field: Any, _instance: Any, sealed: Sealed) -> str:
            return sealed.envelope.decode()

        lifecycle.record = lambda *_, **__: None
        EncryptedField.seal, EncryptedField.unseal = seal, unseal
