"""The demo's users who can sign in. Whoever is missing is made; whoever was changed is restored.

Does not notice a password that was changed by hand: asking bcrypt about every user would cost each
start of the service seconds. `seed_demo --reset` mends that.
"""

import secrets
from collections.abc import Sequence

from apps.accounts.models import User
from apps.agencies.models import Agency, Membership
from apps.agencies.roles import Role

from .api_keys import LEVELS, working_key
from .credentials import DemoFile, DemoUser
from .people import ACCOUNTS, Account

#: No letter or digit that another is mistaken for: people read these aloud in a workshop.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def ensure_accounts(agencies: Sequence[Agency], known: DemoFile) -> list[DemoUser]:
    """What the file is to say of each account; `known` is what it said."""
    return [
        _ensure(account, agencies[account.agency], known.user(account.email))
        for account in ACCOUNTS
    ]


def _ensure(account: Account, agency: Agency, known: DemoUser | None) -> DemoUser:
    password = known.password if known else _password()
    user = User.objects.filter(email=account.email).first()
    if known is None or user is None:
        user = user or User(email=account.email)
        user.set_password(password)
    # A lesson may have switched off, promoted or moved somebody: here they are who they were.
    user.is_active = True
    user.is_staff = user.is_superuser = account.role is Role.PLATFORM_ADMIN
    user.save()
    Membership.objects.update_or_create(
        user=user, defaults={"agency": agency, "role": account.role}
    )
    kept = known.api_keys if known else {}
    return DemoUser(
        email=account.email,
        password=password,
        role=account.role,
        agency=agency.name,
        api_keys={str(level): working_key(user, level, kept.get(level, "")) for level in LEVELS},
    )


def _password() -> str:
    """Four groups of five, 100 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
