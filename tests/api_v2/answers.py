"""One request for every answer that the API can give today, by status or by code."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from apps.access import gate
from apps.idempotency.models import FirstAnswer
from apps.listings.models import Status
from apps.ratelimits import limiter
from apps.ratelimits.decisions import Decision
from apps.ratelimits.limiter import Subject, penalize
from apps.ratelimits.memory import MemoryStore
from apps.ratelimits.penalties import Rules
from apps.ratelimits.verdicts import Verdict
from tests import world
from tests.api import Api

from .cast import Cast

Patch = pytest.MonkeyPatch
Answer = Callable[[Cast, Patch], Any]

IF_MATCH = {"if_match": '"1a"'}
ONCE = {"idempotency_key": "a-fresh-random-value"}


def exhausted(patch: Patch) -> None:
    """Every bucket is empty for seven seconds."""

    def charge(charges: list, _subject: object) -> Verdict:
        return Verdict([Decision(charge.policy, False, 0, 7, 7) for charge in charges])

    patch.setattr(gate, "charge", charge)


def broken(patch: Patch, place: str) -> None:
    """A function of ours fails in a way that nobody foresaw."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("SELECT secret FROM somewhere at /srv/app.py")

    patch.setattr(place, fail)


def own_path(cast: Cast, status: str = Status.DRAFT) -> str:
    return f"listings/{world.listing(cast.agency, status).pk}"


def bid_on(listing: Any, amount: str = "1") -> dict[str, Any]:
    return {"listing": str(listing.pk), "amount": {"amount": amount, "currency": "USD"}}


def _unchanged(cast: Cast, patch: Patch) -> Any:
    return cast.manager.get(own_path(cast), if_none_match='"1a"')


def _failed(cast: Cast, patch: Patch) -> Any:
    broken(patch, "apps.listings.lifecycle.create")
    return cast.manager.post("listings", world.NEW_LISTING)


def _limited(cast: Cast, patch: Patch) -> Any:
    exhausted(patch)
    return cast.manager.get("me")


def _penalized(cast: Cast, patch: Patch) -> Any:
    rules = Rules.of_seconds((60,), 60)  # longer than any test
    patch.setattr(limiter, "_store", MemoryStore(rules))
    penalize(Subject("127.0.0.1", 101))
    return Api().get("listings")


def _reused(cast: Cast, patch: Patch) -> Any:
    listing = world.listing(cast.agency)
    cast.buyer.post("offers", bid_on(listing), **ONCE)
    return cast.buyer.post("offers", bid_on(listing, "2"), **ONCE)


def _in_progress(cast: Cast, patch: Patch) -> Any:
    listing = world.listing(cast.agency)
    cast.buyer.post("offers", bid_on(listing), **ONCE)
    FirstAnswer.objects.update(status=None, body=None)
    return cast.buyer.post("offers", bid_on(listing), **ONCE)


def _masked(cast: Cast, patch: Patch) -> Any:
    world.profile(cast.buyer.user)
    shown = cast.buyer.get("buyer-profile").json()
    return cast.buyer.patch("buyer-profile", {"phone": shown["phone"]}, if_match='"1"')


def _gone(cast: Cast, patch: Patch) -> Any:
    patch.setattr(settings, "V1_SUNSET", datetime(2020, 1, 1, tzinfo=UTC))
    return Api().get("/api/v1/listings")


#: What succeeds, by status.
SUCCESSES: dict[int, Answer] = {
    200: lambda cast, patch: cast.manager.get("listings"),
    201: lambda cast, patch: cast.manager.post("listings", world.NEW_LISTING),
    204: lambda cast, patch: cast.manager.delete(own_path(cast), **IF_MATCH),
    304: _unchanged,
}
#: What is refused, by code.
REFUSALS: dict[str, Answer] = {
    "malformed_credential": lambda cast, patch: Api(authorization="Basic eA==").get("me"),
    "credential_exposed": lambda cast, patch: Api().get("me", {"access_token": "x"}),
    "credentials_missing": lambda cast, patch: Api().get("me"),
    "credentials_invalid": lambda cast, patch: Api("made-up-token").get("me"),
    "insufficient_scope": lambda cast, patch: Api(world.key(world.person(), "read")).get(
        "api-keys"
    ),
    "not_permitted": lambda cast, patch: cast.buyer.post("listings", world.NEW_LISTING),
    "browser_key": lambda cast, patch: cast.buyer.get("me", origin="https://app.example.com"),
    "second_factor_required": lambda cast, patch: cast.buyer.post(
        "api-keys", {"name": "n", "scopes": ["admin"]}
    ),
    "not_found": lambda cast, patch: Api().get(f"listings/{uuid4()}"),
    "method_not_allowed": lambda cast, patch: cast.buyer.delete("me/activity"),
    "payload_too_large": lambda cast, patch: cast.manager.post("listings", b" " * 2_000_000),
    "length_required": lambda cast, patch: cast.manager.post(
        "listings", world.NEW_LISTING, transfer_encoding="chunked"
    ),
    "unsupported_media_type": lambda cast, patch: cast.manager.post(
        "listings", world.NEW_LISTING, content_type="text/plain"
    ),
    "not_acceptable": lambda cast, patch: Api().get("listings", accept="text/html"),
    "malformed_body": lambda cast, patch: cast.manager.post("listings", b"{"),
    "validation_failed": lambda cast, patch: cast.manager.post("listings", {}),
    "masked_value": _masked,
    "idempotency_key_required": lambda cast, patch: cast.buyer.post("offers", {}),
    "idempotency_key_reused": _reused,
    "request_in_progress": _in_progress,
    "precondition_required": lambda cast, patch: cast.manager.patch(own_path(cast), {}),
    "precondition_failed": lambda cast, patch: cast.manager.patch(
        own_path(cast), {}, if_match='"9a"'
    ),
    "version_unsupported": lambda cast, patch: Api().get("listings", api_version="1999-12-31"),
    "version_gone": _gone,
    "conflict": lambda cast, patch: cast.manager.post(f"{own_path(cast)}/withdraw"),
    "rate_limited": _limited,
    "penalized": _penalized,
    "internal_error": _failed,
}
