"""Penalties in force, to see and to lift. Whoever may lift them is decided by the caller."""

from dataclasses import dataclass

from django.db import transaction

from apps.audit.recording import Actor, record
from apps.audit.verbs import Verb
from apps.ratelimits.addresses import UNKNOWN, address_bucket
from apps.ratelimits.charges import LONGEST_KEY
from apps.ratelimits.limiter import store
from apps.ratelimits.penalties import penalty

from .credential import Kind

_CREDENTIALS = tuple(f"{kind}:" for kind in (Kind.API_KEY, Kind.TOKEN))


@dataclass(frozen=True, slots=True)
class Penalized:
    """One subject, and for how many seconds still."""

    subject: str
    seconds: int


def in_force() -> list[Penalized]:
    """Every penalty, the longest first. Raises RedisError."""
    found = [
        Penalized(subject, penalty(record, now).retry_after)
        for subject, (record, now) in store().penalties().items()
    ]
    return sorted(found, key=lambda one: one.seconds, reverse=True)


def subject_of(text: str) -> str:
    """The subject that a person names: `api_key:ID` or `token:ID` as it is, any address's bucket.

    Raises ValueError for what is neither.
    """
    text = text.strip()
    if text.startswith(_CREDENTIALS) and len(text) <= LONGEST_KEY:
        return text
    bucket = address_bucket(text.removesuffix("/64"))
    if bucket == UNKNOWN and text != UNKNOWN:
        raise ValueError("neither a credential, such as api_key:ID, nor an address")
    return bucket


def lift(by: Actor, subject: str) -> bool:
    """Forget a subject's penalty and strikes and fill its buckets; was there anything to forget?

    Recorded first, so that nothing is lifted without its row; where nothing could be lifted, the
    row is undone. Raises RedisError.
    """
    with transaction.atomic():
        record(Verb.LIMITS_RESET, by, changes={"subject": subject})
        return store().forget(subject)
