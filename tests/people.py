"""People at our pages: they open accounts, read their mail, sign in, and add a second factor."""

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from apps.accounts import totp
from apps.accounts.models import User
from apps.accounts.second_factors import keep
from apps.accounts.users import vouch_for
from apps.agencies.roles import Role
from tests import world

PASSWORD = "a heron over four canals"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PROXY = "10.0.0.1"


def verified(role: Role = Role.BUYER, **fields: Any) -> User:
    """Someone with a proved address and PASSWORD."""
    user = world.person(role, password=PASSWORD, **fields)
    vouch_for(user)
    return user


def with_totp(user: User) -> User:
    """Their authenticator app knows SECRET."""
    data = {"secret": keep(user.pk, SECRET)}
    Authenticator.objects.create(user=user, type="totp", data=data)
    return user


def code(ahead: int = 0) -> str:
    """The app's code now, or so many periods ahead."""
    return totp.code_at(SECRET, int(time.time()) // totp.PERIOD + ahead)


def post(client: Client, path: str, address: str = "198.51.100.7", **fields: str) -> Any:
    """Send a form below /accounts/ from an address."""
    headers = {"X-Forwarded-For": address, "Accept": "text/html,*/*"}
    return client.post(f"/accounts/{path}", fields, REMOTE_ADDR=PROXY, headers=headers)


def sign_in(user: User, password: str = PASSWORD, client: Client | None = None) -> Client:
    """A browser in which they are signed in, second factor and all where they have one."""
    client = client or Client()
    answer = post(client, "login/", login=user.email, password=password)
    if answer.status_code == 302 and "second-factors" in answer["Location"]:
        post(client, "second-factors/authenticate/", code=code())
    return client


def comes_in(client: Client, user: User, *, minutes: float = 1) -> Client:
    """Signed in with a second factor, so many minutes ago, without the forms."""
    client.force_login(user)
    session = client.session
    proofs = [{"method": "mfa", "type": "totp", "at": time.time() - 60 * minutes}]
    session["account_authentication_methods"] = proofs
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def letter() -> str:
    """The text of the newest letter."""
    return mail.outbox[-1].body


def link(text: str | None = None) -> str:
    """The path of the link in a letter."""
    return re.search(r"http://localhost:8000(/accounts/\S+/\S+/)", text or letter())[1]
