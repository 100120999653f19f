"""What ends with a password, with an account, and with one app; and what does not."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts import administration, ending
from apps.accounts.models import User
from apps.audit.actors import Operator
from apps.audit.models import AuditEntry
from apps.oauth import lifecycle
from apps.oauth.ending import end_client_access
from apps.oauth.models import Consent, OAuthClient, TokenFamily
from tests import people, tokens, world
from tests.api import Api
from tests.people import PASSWORD, comes_in

from .test_codes import refused

pytestmark = pytest.mark.django_db
NEW = "seven otters under a bridge"


class Held:
    """A pair, a code on its way and a key of one person."""

    def __init__(self, user: User) -> None:
        self.client, self.secret = tokens.client()
        self.pair = tokens.pair(self.client, self.secret, user)
        self.code = tokens.code(self.client, user)
        self.key = world.key(user)

    def tokens_are_dead(self) -> None:
        assert Api(self.pair["access_token"]).get("me").status_code == 401
        refused(tokens.refresh(self.client, self.secret, self.pair["refresh_token"]))
        refused(tokens.trade(self.client, self.secret, self.code))

    def key_status(self) -> int:
        return Api(self.key).get("me").status_code


@pytest.fixture
def user() -> User:
    return people.verified()


@pytest.fixture
def held(user: User) -> Held:
    return Held(user)


def test_a_new_password_ends_tokens_and_codes_and_leaves_keys(user: User, held: Held) -> None:
    browser = people.sign_in(user)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert people.post(browser, "password/change/", **form).status_code == 302

    held.tokens_are_dead()
    assert held.key_status() == 200
    assert AuditEntry.objects.get(verb="token.revoked").changes == {"families": 2}


def test_so_does_a_reset_by_mail(user: User, held: Held) -> None:
    browser = Client()
    people.post(browser, "password/reset/", email=user.email)
    form = browser.get(people.link())["Location"]
    assert browser.post(form, {"password1": NEW, "password2": NEW}).status_code == 302

    held.tokens_are_dead()
    assert held.key_status() == 200


def test_switching_an_account_off_ends_all_for_good(user: User, held: Held) -> None:
    for active in (False, True):
        administration.change(Operator(), user, active=active)

    held.tokens_are_dead()
    assert held.key_status() == 401


def test_so_does_the_page_of_the_admin(user: User, held: Held) -> None:
    root = User.objects.create_superuser("root@example.com", "a long pass phrase")
    browser = comes_in(Client(), root)
    for active in ("", "on"):
        form = {"is_active": active, "role": "buyer", "agency": ""}
        answer = browser.post(f"/admin/accounts/user/{user.pk}/change/", form)
        assert answer.status_code == 302

    assert User.objects.get(pk=user.pk).is_active
    held.tokens_are_dead()
    assert held.key_status() == 401


def test_logging_out_everywhere_leaves_the_one_session(user: User, held: Held) -> None:
    here, there = people.sign_in(user), people.sign_in(user)
    ending.end_everywhere(Operator(), user, keep=here.session.session_key)

    held.tokens_are_dead()
    assert held.key_status() == 401
    assert here.get("/accounts/").status_code == 200
    assert there.get("/accounts/").status_code == 302
    assert AuditEntry.objects.filter(verb="account.ended_everywhere").count() == 1


def test_what_ends_for_one_person_goes_on_for_another(user: User) -> None:
    others = Held(world.person())
    ending.end_everywhere(Operator(), user)
    assert others.key_status() == 200
    assert Api(others.pair["access_token"]).get("me").status_code == 200


def test_ending_one_app_leaves_the_others(user: User, held: Held) -> None:
    other = Held(user)
    Consent.objects.create(
        user=user, client=held.client, scopes=["read"], granted_at=user.date_joined
    )

    assert end_client_access(Operator(), user, held.client) is True

    held.tokens_are_dead()
    assert held.key_status() == 200
    assert not Consent.objects.exists()
    assert Api(other.pair["access_token"]).get("me").status_code == 200
    assert end_client_access(Operator(), user, held.client) is False
    entry = AuditEntry.objects.get(verb="client.access_ended")
    assert entry.changes == {"client": held.client.client_id}


def test_a_client_that_was_switched_off_gets_nothing_back(held: Held) -> None:
    lifecycle.set_active(Operator(), held.client, False)
    assert Api(held.pair["access_token"]).get("me").status_code == 401
    lifecycle.set_active(Operator(), held.client, True)

    held.tokens_are_dead()
    assert held.key_status() == 200


def test_a_person_who_is_deleted_leaves_no_token(user: User, held: Held) -> None:
    user.delete()
    assert not TokenFamily.objects.exists()
    assert OAuthClient.objects.exists()
    assert reason_of(held) == "unknown"


def reason_of(held: Held) -> Any:
    return Api(held.pair["access_token"]).get("me").json()["reason"]
