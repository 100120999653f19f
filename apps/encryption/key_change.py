"""Whether a changed file of keys takes the place of the ring that a running service has.

Guarantees: a file that is broken, cut short, gives a known id to another key, or leaves out a key
that rows still rest on, changes nothing: the old ring stays, the log says why, and the file is
tried again until it is good. So whoever removes a key too early breaks no running node.
"""

import logging
from collections.abc import Mapping
from typing import Protocol

from django.db import Error

from apps.encryption.keys import KeyRing
from apps.encryption.stored import resting_on_any

log = logging.getLogger("gatehouse.encryption")


class KeySource(Protocol):
    """Where keys come from; `read` raises ValueError that shows none."""

    def read(self) -> tuple[Mapping[int, bytes], int]: ...


def successor(ring: KeyRing, source: KeySource) -> KeyRing | None:
    """The ring that the source holds now; `ring` itself where they are alike; None if refused."""
    try:
        new = KeyRing(*source.read())
        _refuse_loss(ring, new)
    except ValueError as refused:
        _say(logging.ERROR, "field_keys_refused", reason=str(refused))
        return None
    except Error as failed:
        # Its message may quote a row.
        _say(logging.ERROR, "field_keys_refused", reason=f"no answer: {type(failed).__name__}")
        return None
    if new.ids == ring.ids and new.active == ring.active:
        return ring
    _say(logging.INFO, "field_keys_taken", ids=sorted(new.ids), active=new.active)
    return new


def _refuse_loss(ring: KeyRing, new: KeyRing) -> None:
    """Raises ValueError where the new ring could not open what the old one can."""
    if changed := ring.changed_in(new):
        raise ValueError(f"key {min(changed)} is another key than before: an id is never reused")
    lost = ring.ids - new.ids
    if lost and (tables := resting_on_any(lost)):
        raise ValueError(f"without {sorted(lost)}: rows of {', '.join(tables)} still rest on it")


def _say(level: int, event: str, **fields: object) -> None:
    log.log(level, event, extra={"fields": fields})
