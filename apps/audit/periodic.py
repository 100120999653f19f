"""The seal of `manage.py tick`."""

import logging

from .checkpoint_file import FileRefused
from .sealing import LogBroken, seal

log = logging.getLogger("gatehouse.audit")


def seal_audit() -> int | str:
    """Seal what waits; returns how many. A broken log stays unsealed and is said at every round:
    it must not keep the rest of the periodic work from being done."""
    try:
        return seal()
    except (LogBroken, FileRefused, OSError) as broken:
        log.critical("audit_not_sealed", extra={"fields": {"reason": str(broken)}})
        return f"NOT SEALED ({broken}); run: manage.py audit verify"
