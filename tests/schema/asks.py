"""For every operation of the document one request that succeeds, with the world that it needs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from apps.accounts.models import User
from apps.agencies.roles import Role
from apps.apikeys.usage import flush
from apps.audit.models import AuditLeaf
from apps.audit.sealing import seal
from tests import tokens, world
from tests.api import Api
from tests.oauth.asking import connected

OFFER = {"amount": {"amount": "410000.00", "currency": "USD"}}
ACCOUNT = {"email": "ana@example.com", "password": "a heron over four canals"}
REASON = {"reason": "Copy for my mortgage adviser"}
FIRST = '"1"'
OWN = '"1a"'


@dataclass(frozen=True)
class Ask:
    """A request; `by` is who sends it, with a key of every scope unless `scopes` are named."""

    method: str
    path: str
    by: User | None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    strong: bool = False  # with a token whose person has just proved a second factor

    def send(self) -> Any:
        credential = tokens.token if self.strong else world.key
        key = credential(self.by, *self.scopes) if self.by else None
        return Api(key).send(self.method, self.path, self.body, **self.headers)

    def but(self, **changes: Any) -> "Ask":
        return replace(self, **changes)


def _staff(role: Role = Role.MANAGER) -> User:
    return world.person(role)


def _on_listing(method: str, suffix: str = "", status: str = "draft", **more: Any) -> Ask:
    caller = _staff()
    listing = world.listing(caller.membership.agency, status)
    return Ask(method, f"listings/{listing.pk}{suffix}", caller, **more)


def _on_offer(suffix: str, *, by_buyer: bool = False, method: str = "POST", **more: Any) -> Ask:
    manager, buyer = _staff(), world.person()
    world.profile(buyer)
    offer = world.offer(world.listing(manager.membership.agency), buyer)
    return Ask(method, f"offers/{offer.pk}{suffix}", buyer if by_buyer else manager, **more)


def _on_profile(method: str, suffix: str = "", **more: Any) -> Ask:
    buyer = world.person()
    world.profile(buyer)
    return Ask(method, f"buyer-profile{suffix}", buyer, **more)


def _on_key(method: str, suffix: str = "", **more: Any) -> Ask:
    owner = world.person()
    row, text = world.key_row(owner, networks=["127.0.0.0/8"])
    Api(text).get("listings")
    flush()
    return Ask(method, f"api-keys/{row.pk}{suffix}", owner, **more)


def _on_audit(suffix: str) -> Ask:
    world.key(auditor := world.person(Role.AUDITOR))
    seal()
    sealed = AuditLeaf.objects.latest("position").entry_id
    return Ask("GET", f"audit/entries{suffix.format(id=sealed)}", auditor)


def _new_offer() -> Ask:
    listing = world.listing(world.agency())
    body = {"listing": str(listing.pk), "message": "Soon.", **OFFER}
    return Ask("POST", "offers", world.person(), body, {"idempotency_key": "a-fresh-random-value"})


def _list_offers() -> Ask:
    return replace(_on_offer("", method="GET"), path="offers")


def _list_listings() -> Ask:
    return replace(_on_listing("GET"), path="listings")


def _on_user(method: str, **more: Any) -> Ask:
    return Ask(method, f"users/{world.person().pk}", world.person(Role.PLATFORM_ADMIN), **more)


def _on_app(method: str) -> Ask:
    user = world.person()
    app = connected(user)
    which = f"/{app.pk}" if method == "DELETE" else ""
    return Ask(method, f"me/connected-apps{which}", user)


ASKS: dict[str, Callable[[], Ask]] = {
    "listings_list": _list_listings,
    "listings_create": lambda: Ask("POST", "listings", _staff(Role.AGENT), world.NEW_LISTING),
    "listings_get": lambda: _on_listing("GET"),
    "listings_update": lambda: _on_listing(
        "PATCH", body={"bedrooms": 4}, headers={"if_match": OWN}
    ),
    "listings_delete": lambda: _on_listing("DELETE", headers={"if_match": OWN}),
    "listings_publish": lambda: _on_listing("POST", "/publish"),
    "listings_withdraw": lambda: _on_listing("POST", "/withdraw", "published"),
    "buyer_profile_get": lambda: _on_profile("GET"),
    "buyer_profile_replace": lambda: _on_profile(
        "PUT", body=world.NEW_PROFILE, headers={"if_match": FIRST}
    ),
    "buyer_profile_update": lambda: _on_profile(
        "PATCH", body={"phone": "+15055550199"}, headers={"if_match": FIRST}
    ),
    "buyer_profile_delete": lambda: _on_profile("DELETE", headers={"if_match": FIRST}),
    "buyer_profile_reveal": lambda: _on_profile("POST", "/reveal", body=REASON),
    "buyers_lookup": lambda: replace(
        _on_offer("", body={"phone": "+1 505 555 0123"}), path="buyers/lookup"
    ),
    "offers_list": _list_offers,
    "offers_create": _new_offer,
    "offers_get": lambda: _on_offer("", method="GET"),
    "offers_accept": lambda: _on_offer("/accept"),
    "offers_reject": lambda: _on_offer("/reject"),
    "offers_withdraw": lambda: _on_offer("/withdraw", by_buyer=True),
    "offers_reveal": lambda: _on_offer("/reveal", body=REASON),
    "api_keys_list": lambda: replace(_on_key("GET"), path="api-keys"),
    "api_keys_create": lambda: Ask(
        "POST", "api-keys", world.person(), {"name": "export", "scopes": ["read:listings"]}
    ),
    "api_keys_get": lambda: _on_key("GET"),
    "api_keys_update": lambda: _on_key("PATCH", body={"name": "renamed"}),
    "api_keys_delete": lambda: _on_key("DELETE"),
    "api_keys_rotate": lambda: _on_key("POST", "/rotate", body={"overlap_seconds": 60}),
    "api_keys_usage_get": lambda: _on_key("GET", "/usage"),
    "api_keys_report_leak": lambda: Ask(
        "POST", "api-keys/report-leak", world.person(), {"key": "gh_live_4fTq81XcVm0Z_…"}
    ),
    "audit_entries_list": lambda: _on_audit(""),
    "audit_entries_get": lambda: _on_audit("/{id}"),
    "audit_entries_proof_get": lambda: _on_audit("/{id}/proof"),
    "audit_checkpoints_list": lambda: replace(_on_audit(""), path="audit/checkpoints"),
    "me_connected_apps_list": lambda: _on_app("GET"),
    "me_connected_apps_delete": lambda: _on_app("DELETE"),
    "me_get": lambda: Ask("GET", "me", _staff()),
    "me_activity_list": lambda: Ask("GET", "me/activity", _staff()),
    "me_export_get": lambda: Ask("GET", "me/export", _staff(), strong=True),
    "me_delete": lambda: Ask("DELETE", "me", _staff(), strong=True),
    "accounts_create": lambda: Ask("POST", "accounts", world.person(), ACCOUNT),
    "users_list": lambda: Ask("GET", "users", world.person(Role.PLATFORM_ADMIN)),
    "users_get": lambda: _on_user("GET"),
    "users_update": lambda: _on_user("PATCH", body={"role": "auditor"}, strong=True),
    "openapi_get": lambda: Ask("GET", "openapi.json", world.person()),
}
