"""Refresh tokens: one use, two ends, and a family that does not survive a replay."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.oauth import signing_keys
from apps.oauth.models import OAuthClient, RefreshToken, TokenFamily
from tests import tokens, world
from tests.api import Api

from .test_codes import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return world.person()


def test_a_refresh_gives_the_next_pair(user: User) -> None:
    of, secret = tokens.client()
    first = tokens.pair(of, secret, user, "read")
    response = tokens.refresh(of, secret, first["refresh_token"])

    assert response.status_code == 200
    second = response.json()
    assert second.keys() == first.keys()
    assert second["refresh_token"] != first["refresh_token"]
    assert Api(second["access_token"]).get("me").status_code == 200


def test_a_reused_refresh_token_kills_the_whole_family(user: User) -> None:
    of, secret = tokens.client()
    first = tokens.pair(of, secret, user)
    second = tokens.refresh(of, secret, first["refresh_token"]).json()

    refused(tokens.refresh(of, secret, first["refresh_token"]))

    refused(tokens.refresh(of, secret, second["refresh_token"]))
    for given in (first, second):
        answer = Api(given["access_token"]).get("me")
        assert (answer.status_code, answer.json()["reason"]) == (401, "revoked")
    assert AuditEntry.objects.get(verb="token.replayed").reason == "refresh token"


def test_another_family_of_the_same_person_lives_on(user: User) -> None:
    of, secret = tokens.client()
    other = tokens.pair(of, secret, user)
    first = tokens.pair(of, secret, user)
    tokens.refresh(of, secret, first["refresh_token"])
    refused(tokens.refresh(of, secret, first["refresh_token"]))

    assert Api(other["access_token"]).get("me").status_code == 200


def test_another_client_can_neither_use_a_refresh_token_nor_end_it(user: User) -> None:
    of, secret = tokens.client()
    thief, his = tokens.client()
    given = tokens.pair(of, secret, user)

    refused(tokens.refresh(thief, his, given["refresh_token"]))

    assert tokens.refresh(of, secret, given["refresh_token"]).status_code == 200


def test_a_refresh_token_is_bound_to_a_client_that_proves_itself(user: User) -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, user)
    form = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}

    refused(tokens.post("token", {**form, "client_id": of.client_id}), "invalid_client", 401)
    refused(tokens.post("token", form), "invalid_client", 401)


def test_it_is_over_after_fourteen_days_without_use(user: User) -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, user)
    row = RefreshToken.objects.get()
    assert timedelta(days=13, hours=23) < row.expires - row.created <= timedelta(days=14)

    RefreshToken.objects.update(expires=datetime.now(UTC))
    refused(tokens.refresh(of, secret, given["refresh_token"]))


def test_no_use_carries_it_beyond_ninety_days(user: User) -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, user)
    almost = datetime.now(UTC) - timedelta(days=89)
    TokenFamily.objects.update(started_at=almost)
    given = tokens.refresh(of, secret, given["refresh_token"]).json()
    assert RefreshToken.objects.latest("pk").expires == almost + timedelta(days=90)

    TokenFamily.objects.update(started_at=datetime.now(UTC) - timedelta(days=90))
    RefreshToken.objects.update(expires=datetime.now(UTC) + timedelta(days=1))
    refused(tokens.refresh(of, secret, given["refresh_token"]))
    assert Api(given["access_token"]).get("me").json()["reason"] == "expired"


def test_a_scope_never_grows(user: User) -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, user, "read", "write:offers")

    refused(tokens.refresh(of, secret, given["refresh_token"], scope="admin"), "invalid_scope")
    refused(tokens.refresh(of, secret, given["refresh_token"], scope="read write"), "invalid_scope")
    refused(tokens.refresh(of, secret, given["refresh_token"], scope="openid"), "invalid_scope")
    refused(tokens.refresh(of, secret, given["refresh_token"], scope="nonsense"), "invalid_scope")
    narrow = tokens.refresh(of, secret, given["refresh_token"], scope="read:offers").json()

    assert narrow["scope"] == "read:offers"
    assert Api(narrow["access_token"]).get("listings").status_code == 403
    again = tokens.refresh(of, secret, narrow["refresh_token"]).json()
    assert again["scope"] == "read write:offers"  # what was granted, not what was asked for last


def test_a_scope_taken_from_the_client_is_gone_with_the_next_refresh(user: User) -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, user, "read", "write")
    OAuthClient.objects.update(scopes=["read"])

    assert tokens.refresh(of, secret, given["refresh_token"]).json()["scope"] == "read"


def test_a_user_who_is_switched_off_refreshes_nothing(user: User) -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, user)
    User.objects.update(is_active=False)

    refused(tokens.refresh(of, secret, given["refresh_token"]))


def test_a_client_that_is_switched_off_refreshes_nothing(user: User) -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, user)
    OAuthClient.objects.update(is_active=False)

    refused(tokens.refresh(of, secret, given["refresh_token"]), "invalid_client", 401)
    assert Api(given["access_token"]).get("me").json()["reason"] == "inactive"


def test_a_client_that_lost_the_refresh_grant_refreshes_nothing(user: User) -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, user)
    OAuthClient.objects.update(grant_types="authorization_code")

    refused(tokens.refresh(of, secret, given["refresh_token"]), "unauthorized_client")


def test_an_access_token_is_no_refresh_token_and_a_code_is_neither(user: User) -> None:
    of, secret = tokens.client()
    given, code = tokens.pair(of, secret, user), tokens.code(of, user)

    refused(tokens.refresh(of, secret, given["access_token"]))
    refused(tokens.refresh(of, secret, code))
    refused(tokens.trade(of, secret, given["refresh_token"]))
    assert Api(given["refresh_token"]).get("me").status_code == 401
    assert Api(code).get("me").status_code == 401


def test_a_refresh_copies_the_sign_in_and_never_makes_it_younger(user: User) -> None:
    signing_keys.ensure()
    of, secret = tokens.client()
    given = tokens.pair(of, secret, user, "openid", "admin")
    for _ in range(3):
        given = tokens.refresh(of, secret, given["refresh_token"]).json()

    assert TokenFamily.objects.get().signed_in_at == tokens.SIGNED_IN.at
    assert "id_token" not in given
