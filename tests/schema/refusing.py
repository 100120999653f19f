"""For every problem code the change that turns a good request into one that is refused with it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from json import dumps
from re import sub
from uuid import uuid4

from apps.agencies.roles import Role
from apps.apikeys.models import ApiKey
from apps.buyers.models import BuyerProfile
from apps.core.body_guard import MAX_BODY
from apps.idempotency.models import FirstAnswer
from apps.listings.models import Listing
from apps.offers.models import Offer
from apps.ratelimits import limiter
from apps.ratelimits.limiter import Charge, Subject, charge, penalize
from apps.ratelimits.memory import MemoryStore
from apps.ratelimits.penalties import Rules
from apps.ratelimits.policies import POLICIES
from tests import tokens, world

from .asks import OFFER, Ask

_ID = r"[0-9a-f-]{36}"
Twist = Callable[[Ask], Ask]


def with_headers(**headers: str) -> Twist:
    return lambda ask: ask.but(headers=ask.headers | headers)


def without(name: str) -> Twist:
    return lambda ask: ask.but(headers={k: v for k, v in ask.headers.items() if k != name})


def with_query(query: str) -> Twist:
    return lambda ask: ask.but(path=f"{ask.path}?{query}")


def with_body(body: object, **headers: str) -> Twist:
    return lambda ask: ask.but(body=body, headers=ask.headers | headers)


def of_a_role_that_may_not(ask: Ask) -> Ask:
    if ask.path.startswith(("buyer-profile", "me/")) or (
        ask.path.startswith("api-keys") and ask.method in ("GET", "DELETE")
    ):
        # Every role has these, and none of a client that acts for itself.
        return ask.but(by=None, headers={"authorization": f"Bearer {tokens.own()}"})
    if ask.path.startswith("api-keys"):
        # Every role may make keys, and none may make or take over one that is wider than its own.
        wider = {"networks": ["0.0.0.0/0"]} if ask.method == "PATCH" else ask.body
        return ask.but(scopes=("admin:keys",), body=wider)
    if ask.path == "me":
        return ask.but(by=world.person(Role.PLATFORM_ADMIN))  # the only one there is
    role = Role.BUYER if ask.path.startswith("audit") else Role.AUDITOR
    return ask.but(by=world.person(role))


def of_a_key(ask: Ask) -> Ask:
    """Even where nobody has to be anybody: a key that is sent is looked at."""
    return ask.but(by=ask.by or world.person(), strong=False)


def without_second_factor(ask: Ask) -> Ask:
    if ask.strong:
        return ask.but(strong=False)
    return with_body({"name": "wide", "scopes": ["admin:keys"]})(ask)


def of_what_is_not_there(ask: Ask) -> Ask:
    BuyerProfile.objects.all().delete()
    return ask.but(path=sub(_ID, str(uuid4()), ask.path))


def after_its_time(ask: Ask) -> Ask:
    """The object has moved on to a state that allows nothing more."""
    if ask.path == "offers" and ask.method == "POST":
        world.offer(Listing.objects.get(pk=ask.body["listing"]), ask.by)
        return ask
    Offer.objects.update(status="rejected")
    ApiKey.objects.update(revoked_at=datetime.now(UTC))
    if ask.method == "DELETE":
        for listing in Listing.objects.all():
            world.offer(listing, world.person())
    else:
        Listing.objects.update(status="sold")
    return ask


def at_the_limit(ask: Ask) -> Ask:
    """Without a key: the limit speaks before anybody is asked who they are. Time stands still."""
    limiter._store = MemoryStore(Rules.of_seconds((1,), 1), clock=lambda: 0)
    policy = POLICIES["anonymous"]
    charge([Charge(policy, "127.0.0.1", cost=policy.burst)])
    return ask.but(by=None)


def after_many_refusals(ask: Ask) -> Ask:
    """Without a key: the address has a penalty, longer than the test takes."""
    limiter._store = MemoryStore(Rules.of_seconds((60,), 60))
    penalize(Subject("127.0.0.1", 101))
    return ask.but(by=None)


def while_the_first_one_runs(ask: Ask) -> Ask:
    row, text = world.key_row(ask.by)
    FirstAnswer.objects.create(
        owner=f"api_key:{row.pk}",
        route="POST api/v2/offers",
        key=ask.headers["idempotency_key"],
        fingerprint=sha256(b"POST /api/v2/offers\n" + dumps(ask.body).encode()).hexdigest(),
        held_until=datetime.now(UTC) + timedelta(minutes=1),
        expires_at=datetime.now(UTC) + timedelta(days=1),
    )
    return ask.but(by=None, headers=ask.headers | {"authorization": f"Bearer {text}"})


def with_the_key_of_another_body(ask: Ask) -> Ask:
    key = world.key(ask.by)
    again = ask.but(by=None, headers=ask.headers | {"authorization": f"Bearer {key}"})
    assert again.send().status_code == 201
    return again.but(body={**ask.body, **OFFER, "message": "Another one."})


TWISTS: dict[str, Twist] = {
    "malformed_credential": with_headers(x_api_key="gh_test_and_another"),
    "credential_exposed": with_query("access_token=anything"),
    "credentials_missing": lambda ask: ask.but(by=None),
    "credentials_invalid": lambda ask: with_headers(authorization="Bearer nobody")(ask),
    "rate_limited": at_the_limit,
    "penalized": after_many_refusals,
    "version_unsupported": with_headers(api_version="1999-01-01"),
    "browser_key": lambda ask: with_headers(origin="https://app.example.com")(of_a_key(ask)),
    "insufficient_scope": lambda ask: ask.but(scopes=("read:webhooks",)),
    "not_permitted": of_a_role_that_may_not,
    "second_factor_required": without_second_factor,
    "not_acceptable": with_headers(accept="text/html"),
    "length_required": with_headers(transfer_encoding="chunked"),
    "payload_too_large": with_body(b" " * (MAX_BODY + 1)),
    "unsupported_media_type": with_body(b"a: 1", content_type="application/yaml"),
    "not_found": of_what_is_not_there,
    "idempotency_key_required": without("idempotency_key"),
    "precondition_required": without("if_match"),
    "precondition_failed": with_headers(if_match='"0"'),
    "validation_failed": with_query("nonsense=1"),
    "malformed_body": with_body(b"{"),
    "masked_value": with_body({"phone": "••••0123"}),
    "request_in_progress": while_the_first_one_runs,
    "idempotency_key_reused": with_the_key_of_another_body,
    "conflict": after_its_time,
}
