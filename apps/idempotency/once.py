"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a retry does nothing twice.

The key belongs to one credential and one route. The first answer is replayed for 24 hours to the
same body; a refusal (4xx, 5xx) is not kept, because nothing happened and the caller may mend it.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from apps.core.problems import Code, FieldError, Problem, invalid

from .models import FirstAnswer

KEPT_FOR = timedelta(hours=24)
#: Longer than any request may take; after it the key of a killed process is free again.
HELD_FOR = timedelta(minutes=1)
_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,64}", re.ASCII)
_POINTER = "#Idempotency-Key"


def has_key(meta: Mapping[str, str]) -> bool:
    """Did the caller send a key? An empty one was meant for one: it is refused, not ignored."""
    return "HTTP_IDEMPOTENCY_KEY" in meta


def required_key(meta: Mapping[str, str]) -> str:
    """The caller's key. Raises 400 where it is missing or no key."""
    key = meta.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        raise Problem(
            Code.IDEMPOTENCY_KEY_REQUIRED, errors=[FieldError(_POINTER, "required", "Send one.")]
        )
    if not _KEY.fullmatch(key):
        raise invalid(
            FieldError(_POINTER, "wrong_format", "8 to 64 letters, digits, hyphens, _ . or :")
        )
    return key


def once(
    owner: str, request: HttpRequest, key: str, run: Callable[[], HttpResponse]
) -> HttpResponse:
    """Run the handler for the first request with this key, and replay its answer to the others.

    Raises 409 while the first one runs, 422 where the key came with another path or body. The
    handler and the stored answer share one transaction: there is never one without the other.
    """
    route = f"{request.method} {request.resolver_match.route}"
    fingerprint = _fingerprint(request)
    held = _hold(owner, route, key, fingerprint)
    if held is None:
        return _replay(FirstAnswer.objects.filter(owner=owner, route=route, key=key), fingerprint)
    try:
        with transaction.atomic():
            response = run()
            held.status = response.status_code
            held.location = response.headers.get("Location", "")
            held.body = response.content.decode()
            held.save(update_fields=["status", "location", "body"])
    except BaseException:
        held.delete()
        raise
    return response


def forget_expired() -> int:
    """Delete answers past their day; returns how many. Called by `manage.py tick`."""
    return FirstAnswer.objects.filter(expires_at__lt=datetime.now(UTC)).delete()[0]


def _fingerprint(request: HttpRequest) -> str:
    # The path too: a route such as offers/<id>/accept has many objects and one empty body.
    line = f"{request.method} {request.get_full_path()}\n"
    return hashlib.sha256(line.encode() + request.body).hexdigest()


def _hold(owner: str, route: str, key: str, fingerprint: str) -> FirstAnswer | None:
    now = datetime.now(UTC)
    same = FirstAnswer.objects.filter(owner=owner, route=route, key=key)
    same.filter(expires_at__lte=now).delete()
    same.filter(status=None, held_until__lte=now).delete()
    try:
        with transaction.atomic():
            return FirstAnswer.objects.create(
                owner=owner,
                route=route,
                key=key,
                fingerprint=fingerprint,
                held_until=now + HELD_FOR,
                expires_at=now + KEPT_FOR,
            )
    except IntegrityError:
        return None


def _replay(same: object, fingerprint: str) -> HttpResponse:
    first = same.first()
    if first is None:
        # It ended in a refusal between our two looks: the caller may simply try again.
        raise Problem(Code.REQUEST_IN_PROGRESS, headers={"Retry-After": "1"})
    if first.fingerprint != fingerprint:
        raise Problem(Code.IDEMPOTENCY_KEY_REUSED)
    if first.status is None:
        raise Problem(Code.REQUEST_IN_PROGRESS, headers={"Retry-After": "1"})
    response = HttpResponse(first.body, status=first.status, content_type="application/json")
    if first.location:
        response["Location"] = first.location
    response["Idempotent-Replayed"] = "true"
    return response
