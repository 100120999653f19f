"""What `tick` does for the signing keys: the first one is made, and what is over is deleted."""

from .signing_keys import ensure, forget_gone


def keep_signing_keys() -> None:
    """Idempotent. A service whose worker runs has a key, whoever forgot the command."""
    ensure()
    forget_gone()
