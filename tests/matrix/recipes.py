"""For every row of the table one honest request: valid ids, body and headers, whoever sends it.

So that a cell shows what the caller may do and nothing else: no 400 hides a 403.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.agencies.roles import Role
from apps.buyers.models import BuyerProfile
from apps.listings.models import Listing
from tests import world
from tests.oauth.asking import connected

from .world import Principal, World


@dataclass(frozen=True)
class Honest:
    """A request that succeeds for whoever is allowed to send it."""

    path: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Recipe = Callable[[World, Principal], Honest]
REASON = {"reason": "Closing on Monday"}


def _listing(which: str, suffix: str = "", body: Any = None, **headers: str) -> Recipe:
    def honest(made: World, caller: Principal) -> Honest:
        return Honest(f"listings/{getattr(made, which).pk}{suffix}", body, headers)

    return honest


def _changing(which: str, body: Any = None) -> Recipe:
    """With the tag that this caller was shown: `a` for the own agency, `p` for the public."""

    def honest(made: World, caller: Principal) -> Honest:
        listing: Listing = getattr(made, which)
        own = caller.agency_id == listing.agency_id
        tag = f'"{listing.version}{"a" if own else "p"}"'
        return Honest(f"listings/{listing.pk}", body, {"if_match": tag})

    return honest


def _offer(suffix: str = "", body: Any = None) -> Recipe:
    return lambda made, caller: Honest(f"offers/{made.offer.pk}{suffix}", body)


def _new_offer(made: World, caller: Principal) -> Honest:
    body = {
        "listing": str(made.untouched.pk),
        "amount": {"amount": "410000.00", "currency": "USD"},
        "message": "We can close within thirty days.",
    }
    return Honest("offers", body, {"idempotency_key": "a-fresh-random-value"})


def _plain(path: str, body: Any = None, **headers: str) -> Recipe:
    return lambda made, caller: Honest(path, body, headers)


def _first_profile(made: World, caller: Principal) -> Honest:
    BuyerProfile.objects.filter(user=caller.user).delete()
    return Honest("buyer-profile", world.NEW_PROFILE)


def _own_key(suffix: str = "", body: Any = None) -> Recipe:
    def honest(made: World, caller: Principal) -> Honest:
        row = caller.row or made.principals["manager"].row
        return Honest(f"api-keys/{row.pk}{suffix}", body)

    return honest


def _foreign_key(suffix: str = "", body: Any = None) -> Recipe:
    return lambda made, caller: Honest(f"api-keys/{made.foreign_key.pk}{suffix}", body)


def _entry(suffix: str = "") -> Recipe:
    return lambda made, caller: Honest(f"audit/entries/{made.sealed.entry_id}{suffix}")


def _user(body: Any = None) -> Recipe:
    return lambda made, caller: Honest(f"users/{made.offer.buyer_id}", body)


def _not_the_last(made: World, caller: Principal) -> Honest:
    world.person(Role.PLATFORM_ADMIN)
    return Honest("me")


def _own_app(made: World, caller: Principal) -> Honest:
    user = caller.user or made.principals["manager"].user
    return Honest(f"me/connected-apps/{connected(user, made.app).pk}")


def _foreign_app(made: World, caller: Principal) -> Honest:
    return Honest(f"me/connected-apps/{made.foreign_app.pk}")


NEW_ACCOUNT = {"email": "newcomer@example.com", "password": "a heron over four canals"}
NEW_KEY = {"name": "nightly export", "scopes": ["read:keys"]}
SEEN = {"if_match": '"1"'}

#: By method, route and object, as the table names them.
RECIPES: dict[tuple[str, str, str], Recipe] = {
    ("GET", "listings", ""): _plain("listings"),
    ("POST", "listings", ""): _plain("listings", world.NEW_LISTING),
    ("GET", "listings/{listing_id}", "published"): _listing("published"),
    ("GET", "listings/{listing_id}", "draft"): _listing("draft"),
    ("PATCH", "listings/{listing_id}", "published"): _changing("published", {"bedrooms": 4}),
    ("PATCH", "listings/{listing_id}", "draft"): _changing("draft", {"bedrooms": 4}),
    ("DELETE", "listings/{listing_id}", "published"): _changing("untouched"),
    ("DELETE", "listings/{listing_id}", "draft"): _changing("draft"),
    ("POST", "listings/{listing_id}/publish", "draft"): _listing("draft", "/publish"),
    ("POST", "listings/{listing_id}/withdraw", "published"): _listing("published", "/withdraw"),
    ("GET", "buyer-profile", ""): _plain("buyer-profile"),
    ("PUT", "buyer-profile", "own"): _plain("buyer-profile", world.NEW_PROFILE, **SEEN),
    ("PUT", "buyer-profile", "none yet"): _first_profile,
    ("PATCH", "buyer-profile", ""): _plain("buyer-profile", {"legal_name": "Li Wei"}, **SEEN),
    ("DELETE", "buyer-profile", ""): _plain("buyer-profile", **SEEN),
    ("POST", "buyer-profile/reveal", ""): _plain("buyer-profile/reveal", REASON),
    ("POST", "buyers/lookup", ""): _plain("buyers/lookup", {"phone": "+1 (505) 555-0123"}),
    ("GET", "offers", ""): _plain("offers"),
    ("POST", "offers", ""): _new_offer,
    ("GET", "offers/{offer_id}", ""): _offer(),
    ("POST", "offers/{offer_id}/accept", ""): _offer("/accept"),
    ("POST", "offers/{offer_id}/reject", ""): _offer("/reject"),
    ("POST", "offers/{offer_id}/withdraw", ""): _offer("/withdraw"),
    ("POST", "offers/{offer_id}/reveal", ""): _offer("/reveal", REASON),
    ("GET", "api-keys", ""): _plain("api-keys"),
    ("POST", "api-keys", ""): _plain("api-keys", NEW_KEY),
    ("GET", "api-keys/{key_id}", "own"): _own_key(),
    ("GET", "api-keys/{key_id}", "foreign"): _foreign_key(),
    ("PATCH", "api-keys/{key_id}", "own"): _own_key(body={"name": "renamed"}),
    ("PATCH", "api-keys/{key_id}", "foreign"): _foreign_key(body={"name": "renamed"}),
    ("DELETE", "api-keys/{key_id}", "own"): _own_key(),
    ("DELETE", "api-keys/{key_id}", "foreign"): _foreign_key(),
    ("POST", "api-keys/{key_id}/rotate", "own"): _own_key("/rotate"),
    ("POST", "api-keys/{key_id}/rotate", "foreign"): _foreign_key("/rotate"),
    ("GET", "api-keys/{key_id}/usage", "own"): _own_key("/usage"),
    ("GET", "api-keys/{key_id}/usage", "foreign"): _foreign_key("/usage"),
    ("POST", "api-keys/report-leak", ""): _plain("api-keys/report-leak", {"key": "gh_live_no"}),
    ("GET", "audit/entries", ""): _plain("audit/entries"),
    ("GET", "audit/entries/{entry_id}", ""): _entry(),
    ("GET", "audit/entries/{entry_id}/proof", ""): _entry("/proof"),
    ("GET", "audit/checkpoints", ""): _plain("audit/checkpoints"),
    ("GET", "me", ""): _plain("me"),
    ("GET", "openapi.json", ""): _plain("openapi.json"),
    ("GET", "me/activity", ""): _plain("me/activity"),
    ("GET", "me/export", ""): _plain("me/export"),
    ("DELETE", "me", ""): _not_the_last,
    ("GET", "me/connected-apps", ""): _plain("me/connected-apps"),
    ("DELETE", "me/connected-apps/{app_id}", "own"): _own_app,
    ("DELETE", "me/connected-apps/{app_id}", "foreign"): _foreign_app,
    ("POST", "accounts", ""): _plain("accounts", NEW_ACCOUNT),
    ("GET", "users", ""): _plain("users"),
    ("GET", "users/{user_id}", ""): _user(),
    ("PATCH", "users/{user_id}", ""): _user({"active": False}),
}
