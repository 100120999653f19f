"""A browser for attacks on pages: cookies, forms, and letters that are read instead of printed."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from apps.workshop.inside import model, undone
from apps.workshop.run import Run

PASSWORD = "a heron over four canals"  # noqa: S105 (of people who are gone after the attack)
NEW = "seven otters under a bridge"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105 (of RFC 4226)
_numbers = iter(range(1, 1 << 20))


def browser(run: Run, *, strict: bool = False) -> Any:
    """One with cookies of its own, from an address of its own. `strict`: forms need their token."""
    from django.test import Client

    place = next(_numbers)
    address = f"{run.source.rpartition('.')[0]}.{20 + place % 200}"
    return Client(
        enforce_csrf_checks=strict,
        raise_request_exception=False,
        SERVER_NAME="localhost",
        REMOTE_ADDR=address,
    )


@contextmanager
def somebody(*, factor: bool = False, role: str = "buyer") -> Iterator[Any]:
    """A user with PASSWORD and a proved address, and where asked an app that knows SECRET."""
    from django.core import mail
    from django.test import override_settings

    from apps.accounts.users import vouch_for

    backend = "django.core.mail.backends.locmem.EmailBackend"
    with undone(), override_settings(EMAIL_BACKEND=backend):
        mail.outbox = []
        users = model("accounts.User").objects
        user = users.create_user(f"m{uuid4().hex}@attack.example.com", PASSWORD, role=role)
        vouch_for(user)
        if factor:
            add_factor(user)
        yield user


def add_factor(user: Any) -> None:
    """Their app knows SECRET."""
    from apps.accounts.second_factors import keep

    data = {"secret": keep(user.pk, SECRET)}
    model("mfa.Authenticator").objects.create(user=user, type="totp", data=data)


def code() -> str:
    """What their app shows now."""
    from apps.accounts.totp import PERIOD, code_at

    return code_at(SECRET, int(time.time()) // PERIOD)


def sign_in(visitor: Any, user: Any, password: str = PASSWORD, **fields: str) -> Any:
    """Send the login form; returns the answer."""
    return visitor.post("/accounts/login/", {"login": user.email, "password": password, **fields})


def is_in(visitor: Any) -> bool:
    """Does the account's page open?"""
    return visitor.get("/accounts/").status_code == 200


def link_in_last_letter() -> str:
    """The path of the link in the newest letter."""
    from django.core import mail

    return re.search(r"https?://[^/\s]+(/accounts/\S+/\S+/)", mail.outbox[-1].body)[1]
