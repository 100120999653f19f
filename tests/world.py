"""The people, keys, listings and offers that tests speak of: everything has a happy default.

Owner, colleague and stranger have fixed meanings: `agency_a` is ours, `agency_b` is the stranger.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from apps.access.credential import COMMAND_LINE, Credential, Kind
from apps.access.scopes import Scope
from apps.accounts.models import User
from apps.agencies.models import Agency
from apps.agencies.roles import Role
from apps.apikeys import lifecycle
from apps.apikeys.models import ApiKey
from apps.buyers.models import BuyerProfile
from apps.listings.models import Listing, Status
from apps.offers.models import Offer

_numbers = count(1)


def agency(name: str = "") -> Agency:
    return Agency.objects.create(name=name or f"Agency {next(_numbers)}")


def person(role: Role = Role.BUYER, of: Agency | None = None, **fields: Any) -> User:
    """A user with a role; agents and managers get an agency of their own unless one is named."""
    if of is None and role in (Role.AGENT, Role.MANAGER):
        of = agency()
    email = fields.pop("email", f"{role}{next(_numbers)}@example.com")
    return User.objects.create_user(email, role=role, agency=of, **fields)


def key(user: User, *scopes: str, **fields: Any) -> str:
    """The text of a fresh key; every admin scope unless others are named."""
    return key_row(user, *scopes, **fields)[1]


def key_row(user: User, *scopes: str, **fields: Any) -> tuple[ApiKey, str]:
    granted = [Scope(scope) for scope in scopes or ("admin",)]
    return lifecycle.create(COMMAND_LINE, user_id=user.pk, name="test", scopes=granted, **fields)


def expired(row: ApiKey) -> None:
    """Let a key's life be over since yesterday."""
    ended = datetime.now(UTC) - timedelta(days=1)
    ApiKey.objects.filter(pk=row.pk).update(created_at=ended - timedelta(days=1), expires_at=ended)


def credential(user: User, *scopes: str) -> Credential:
    """What the gate would make of a key of this user."""
    membership = getattr(user, "membership", None)
    return Credential(
        kind=Kind.API_KEY,
        id="00000000-0000-7000-8000-000000000000",
        user_id=user.pk,
        agency_id=membership.agency_id if membership else None,
        role=Role(membership.role) if membership else Role.BUYER,
        scopes=frozenset(Scope(scope) for scope in scopes or ("admin",)),
    )


def listing(of: Agency, status: str = Status.PUBLISHED, **fields: Any) -> Listing:
    values = {
        "title": "Bungalow with a walled garden",
        "description": "Three bedrooms.",
        "city": "Cañon City",
        "state_code": "CO",
        "street_address": "12 O'Connell Street",
        "price": Decimal("425000.00"),
        "reserve_price": Decimal("400000.00"),
        "bedrooms": 3,
    }
    return Listing.objects.create(agency=of, status=status, **(values | fields))


def profile(user: User, **fields: Any) -> BuyerProfile:
    values = {
        "legal_name": "Ana María O'Neil",
        "phone": "+15055550123",
        "national_id": "123-45-6789",
        "date_of_birth": datetime(1984, 2, 29, tzinfo=UTC).date(),
        "annual_income": Decimal("85000.00"),
    }
    return BuyerProfile.objects.create(user=user, **(values | fields))


def offer(on: Listing, buyer: User, **fields: Any) -> Offer:
    values = {"amount": Decimal("410000.00"), "message": "We can close within thirty days."}
    return Offer.objects.create(listing=on, buyer=buyer, **(values | fields))


NEW_LISTING = {
    "title": "Bungalow with a walled garden",
    "city": "Cañon City",
    "state_code": "CO",
    "street_address": "12 O'Connell Street",
    "price": {"amount": "425000.00", "currency": "USD"},
    "bedrooms": 3,
}
NEW_PROFILE = {
    "legal_name": "Ana María O'Neil",
    "phone": "+15055550123",
    "national_id": "123-45-6789",
    "date_of_birth": "1984-02-29",
    "annual_income": {"amount": "85000.00", "currency": "USD"},
}
