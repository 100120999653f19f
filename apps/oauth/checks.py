"""System check: somebody signs ID tokens."""

from django.core import checks
from django.db import DatabaseError

from .signing_keys import NoSigningKey, current


@checks.register(checks.Tags.database)
def a_key_signs(app_configs: object, databases: object, **_: object) -> list[checks.Warning]:
    """oauth.W001: no signing key. A warning: an error would stop the very `migrate` before it."""
    if not databases:
        return []
    try:
        current()
    except NoSigningKey:
        return [
            checks.Warning(
                "No key signs ID tokens.",
                hint="Run: python manage.py oauth_keys ensure",
                id="oauth.W001",
            )
        ]
    except DatabaseError:
        return []
    return []
