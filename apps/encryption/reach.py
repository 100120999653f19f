"""Does this process hold every key that stored values name?

Guarantees: whoever starts without such a key hears it: the log of the start, /readyz and a system
check say so. Asked again every few minutes, because another node may seal under a key that this
one was never given; not at every probe, because it looks at the headers of all values. Does not
open anything.
"""

import logging
from time import monotonic

from django.core import checks
from django.db import Error

from apps.encryption.keys import KeyRing
from apps.encryption.ring import key_ring
from apps.encryption.stored import out_of_reach

log = logging.getLogger("gatehouse.encryption")

#: Seconds that an answer counts: yes, and no.
GOOD_FOR, BAD_FOR = 300.0, 15.0


class Reach:
    """The last answer, and until when it counts for which ring."""

    def __init__(self) -> None:
        self._last: tuple[KeyRing | None, float, bool] = (None, 0.0, False)

    def __call__(self) -> bool:
        """Are all stored values under keys of the ring? Raises the database's errors."""
        ring = key_ring()
        asked_for, until, answer = self._last
        if ring is asked_for and monotonic() < until:
            return answer
        answer = not report(ring)
        self._last = (ring, monotonic() + (GOOD_FOR if answer else BAD_FOR), answer)
        return answer


within_reach = Reach()


def report(ring: KeyRing) -> list[str]:
    """Log and return the tables with values that this ring cannot open."""
    tables = out_of_reach(ring)
    if tables:
        fields = {"tables": tables, "ids": sorted(ring.ids)}
        log.error("field_keys_missing", extra={"fields": fields})
    return tables


def report_at_start() -> None:
    """The same for a server that begins; a database that is away is /readyz's matter."""
    try:
        report(key_ring())
    except Error:
        log.exception("field_keys_not_asked")


@checks.register(checks.Tags.database)
def every_key_is_there(app_configs: object, databases: object, **_: object) -> list[checks.Error]:
    """encryption.E020: a table has values under keys that the ring does not hold."""
    if not databases:
        return []
    try:
        tables = out_of_reach(key_ring())
    except Error:
        return []
    return [
        checks.Error(
            f"{table} has values under a key that is not in the ring, or that are no envelopes.",
            hint="`manage.py field_keys` says which. Put the key back before anything else.",
            id="encryption.E020",
        )
        for table in tables
    ]
