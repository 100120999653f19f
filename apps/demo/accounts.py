"""The demo's users who can sign in. Whoever is missing is made; whoever was changed is restored.

Does not notice a password that was changed by hand: asking bcrypt about every user would cost each
start of the service seconds. `seed_demo --reset` mends that.
"""

import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import make_password

from apps.accounts.models import User
from apps.accounts.users import vouch_for
from apps.agencies.models import Agency, Membership
from apps.agencies.roles import Role

from .api_keys import LEVELS, working_key
from .credentials import DemoFile, DemoUser
from .people import ACCOUNTS, Account
from .second_factors import working_secret

#: No letter or digit that another is mistaken for: people read these aloud in a workshop.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def ensure_accounts(agencies: Sequence[Agency], known: DemoFile) -> list[DemoUser]:
    """What the file is to say of each account; `known` is what it said."""
    kept = {user.email: user for user in known.users}
    emails = [account.email for account in ACCOUNTS]
    users = {user.email: user for user in User.objects.filter(email__in=emails)}
    passwords = {email: kept[email].password if email in kept else _password() for email in emails}
    hashes = _hashes({e: passwords[e] for e in emails if e not in kept or e not in users})
    made = []
    for account in ACCOUNTS:
        user = users.get(account.email) or User(email=account.email)
        user.password = hashes.get(account.email, user.password)
        _restore(user, account, agencies[account.agency])
        old = kept[account.email].api_keys if account.email in kept else {}
        made.append(
            DemoUser(
                email=account.email,
                password=passwords[account.email],
                role=account.role,
                agency=agencies[account.agency].name,
                totp_secret=working_secret(user, kept.get(account.email)),
                api_keys={str(one): working_key(user, one, old.get(one, "")) for one in LEVELS},
            )
        )
    return made


def _restore(user: User, account: Account, agency: Agency) -> None:
    """A lesson may have switched off, promoted or moved somebody: here they are who they were."""
    user.is_active = True
    user.is_staff = user.is_superuser = account.role is Role.PLATFORM_ADMIN
    user.save()
    vouch_for(user)
    Membership.objects.update_or_create(
        user=user, defaults={"agency": agency, "role": account.role}
    )


def _hashes(passwords: Mapping[str, str]) -> dict[str, str]:
    """On all cores: bcrypt takes a third of a second for each, and lets go of Python's lock."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(passwords, pool.map(make_password, passwords.values()), strict=True))


def _password() -> str:
    """Four groups of five, 100 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
