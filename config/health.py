"""Is the process alive, and can it do its work? For load balancers and operators."""

import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse

from apps.audit import triggers
from apps.encryption.reach import within_reach
from apps.oauth import signing_keys
from apps.privacy.replay import is_behind

log = logging.getLogger("gatehouse.health")


def alive(_request: HttpRequest) -> JsonResponse:
    """The process answers; what stands behind it is no reason to restart it."""
    return _answer({}, 200)


def ready(_request: HttpRequest) -> JsonResponse:
    """Everything that a request needs is there. 503 names the part, never the reason."""
    parts = {name: _works(name, check) for name, check in CHECKS.items()}
    return _answer(parts, 200 if all(parts.values()) else 503)


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM audit_entry LIMIT 1")
    return True


def _audit_is_append_only() -> bool:
    return not triggers.missing()


def _no_erasure_is_undone() -> bool:
    # An old backup was restored: whoever was erased since is back, and must not be shown.
    return not is_behind()


def _somebody_signs() -> bool:
    signing_keys.current()
    return True


def _limit_store() -> bool:
    if settings.REDIS_URL is None:
        return True
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1) as client:
        return bool(client.ping())


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "audit": _audit_is_append_only,
    "erasures": _no_erasure_is_undone,
    "keys": within_reach,
    "limits": _limit_store,
    "signing": _somebody_signs,
}


def _works(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, InterfaceError, redis.RedisError, signing_keys.NoSigningKey):
        log.exception("not_ready", extra={"fields": {"part": name}})
        return False


def _answer(parts: dict[str, bool], status: int) -> JsonResponse:
    body = {"status": "ok" if status == 200 else "unavailable"}
    if parts:
        body["parts"] = {name: "ok" if works else "failing" for name, works in parts.items()}
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response
