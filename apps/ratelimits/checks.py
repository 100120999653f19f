"""System check: several workers need a shared store.

Guarantees it for the workers of one node, as far as WORKERS tells. Several nodes are beyond what
a process can see.
"""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def check_shared_store(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse WORKERS above 1 without REDIS_URL: each would allow the whole limit by itself."""
    if settings.WORKERS <= 1 or settings.REDIS_URL:
        return []
    return [
        Error(
            f"{settings.WORKERS} workers without REDIS_URL: every limit would be "
            f"{settings.WORKERS} times what it says.",
            hint="Set REDIS_URL to a Redis that all workers share, or WORKERS to 1.",
            id="ratelimits.E001",
        )
    ]
