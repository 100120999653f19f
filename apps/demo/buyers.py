"""The demo's buyers and their profiles."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from apps.accounts.models import User
from apps.buyers.models import BuyerProfile

from .people import BUYERS

_SEED = 1913


def ensure_buyers() -> list[User]:
    """All of them, in the order of `people.BUYERS`; whoever lacks a profile gets one."""
    users = [_user(email) for email in BUYERS]
    profiled = set(BuyerProfile.objects.filter(user__in=users).values_list("user_id", flat=True))
    random = Random(_SEED)  # noqa: S311 (a repeatable demo, not a secret)
    for number, user in enumerate(users):
        profile = _profile(random, number, BUYERS[user.email])
        if user.pk not in profiled:
            BuyerProfile.objects.create(user=user, **profile)
    return users


def _user(email: str) -> User:
    user = User.objects.filter(email=email).first()
    return user or User.objects.create_user(email)


def _profile(random: Random, number: int, legal_name: str) -> dict[str, object]:
    return {
        "legal_name": legal_name,
        "phone": f"+15055550{100 + number}",
        "national_id": f"000-{10 + number}-{random.randint(1000, 9999)}",
        "date_of_birth": date(1950, 1, 1) + timedelta(days=random.randint(0, 19_000)),
        "annual_income": Decimal(random.randint(38, 320) * 1000),
    }
