"""Whose signature stands under this log's checkpoints: the ring from the environment."""

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from .checkpoint import Checkpoint, Signer, Verifier, opened


def origin() -> str:
    """The name of this log, as every checkpoint states it: host and path, without a scheme."""
    return f"{urlsplit(settings.PUBLIC_URL).netloc}/audit"


def signer() -> Signer:
    """The key that signs from now on."""
    return _ring(origin(), _seeds())[settings.AUDIT_SIGNING_KEY_ACTIVE]


def verifiers(name: str | None = None) -> list[Verifier]:
    """The public halves of all keys in the ring, by id."""
    return [one.verifier for _, one in sorted(_ring(name or origin(), _seeds()).items())]


def checked(note: str) -> Checkpoint:
    """A checkpoint that a key of the ring has signed. Raises CheckpointRefused.

    It may bear an earlier name of this log: PUBLIC_URL changes, and what was signed stays true.
    """
    return opened(note, verifiers(note.partition("\n")[0]))


def _seeds() -> tuple[tuple[int, bytes], ...]:
    return tuple(settings.AUDIT_SIGNING_KEYS.items())


@lru_cache(maxsize=4)
def _ring(name: str, seeds: tuple[tuple[int, bytes], ...]) -> dict[int, Signer]:
    return {number: Signer(name, seed) for number, seed in seeds}
