"""The authorization code: who may trade it, once, and what becomes of a second time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.oauth.models import AuthorizationCode, RefreshToken, TokenFamily
from tests import tokens, world
from tests.api import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return world.person()


def refused(response: Any, error: str = "invalid_grant", status: int = 400) -> None:
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Type"] == "application/json"


def test_a_code_is_traded_for_a_pair_that_works(user: User) -> None:
    of, secret = tokens.client()
    response = tokens.trade(of, secret, tokens.code(of, user, "read", "write:offers"))

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    given = response.json()
    assert given.keys() == {"access_token", "refresh_token", "token_type", "expires_in", "scope"}
    assert given["token_type"] == "Bearer" and given["expires_in"] == 600
    assert given["scope"] == "read write:offers"
    me = Api(given["access_token"]).get("me")
    assert me.status_code == 200 and me.json()["id"] == str(user.pk)
    assert me.json()["credential"]["scopes"] == ["read", "write:offers"]
    entry = AuditEntry.objects.get(verb="token.issued")
    assert entry.actor == f"client:{of.client_id}"
    assert entry.changes == {
        "grant": "authorization_code",
        "scopes": ["read", "write:offers"],
        "audience": "http://localhost:8000",
        "user": str(user.pk),
    }


def test_a_public_client_proves_itself_by_its_verifier_alone(user: User) -> None:
    of = tokens.public()
    assert tokens.trade(of, None, tokens.code(of, user)).status_code == 200


def test_a_client_without_the_refresh_grant_gets_no_refresh_token(user: User) -> None:
    of, secret = tokens.client(grant_types="authorization_code")
    assert "refresh_token" not in tokens.pair(of, secret, user)


def test_a_replayed_code_kills_what_it_issued(user: User) -> None:
    of, secret = tokens.client()
    code = tokens.code(of, user)
    given = tokens.trade(of, secret, code).json()
    assert Api(given["access_token"]).get("me").status_code == 200

    refused(tokens.trade(of, secret, code))

    answer = Api(given["access_token"]).get("me")
    assert (answer.status_code, answer.json()["reason"]) == (401, "revoked")
    refused(tokens.refresh(of, secret, given["refresh_token"]))
    assert AuditEntry.objects.get(verb="token.replayed").reason == "code"


def test_a_replay_long_after_the_code_has_expired_still_kills(user: User) -> None:
    of, secret = tokens.client()
    code = tokens.code(of, user)
    given = tokens.trade(of, secret, code).json()
    AuthorizationCode.objects.update(expires=datetime.now(UTC) - timedelta(days=3))

    refused(tokens.trade(of, secret, code))

    assert Api(given["access_token"]).get("me").status_code == 401


def test_a_code_lives_sixty_seconds(user: User) -> None:
    of, secret = tokens.client()
    code = tokens.code(of, user)
    row = AuthorizationCode.objects.get()
    assert timedelta(seconds=59) < row.expires - row.created <= timedelta(seconds=60)

    AuthorizationCode.objects.update(expires=datetime.now(UTC))
    refused(tokens.trade(of, secret, code))


def test_another_client_can_neither_trade_a_code_nor_end_it(user: User) -> None:
    of, secret = tokens.client()
    thief, his = tokens.client()
    code = tokens.code(of, user)

    refused(tokens.trade(thief, his, code))
    given = tokens.trade(of, secret, code).json()
    refused(tokens.trade(thief, his, code))

    assert Api(given["access_token"]).get("me").status_code == 200


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_request"),
        ({"code_verifier": tokens.CHALLENGE}, "invalid_grant"),
        ({"redirect_uri": "https://client.example/other"}, "invalid_request"),
        ({"redirect_uri": "https://client.example/callback/"}, "invalid_request"),
        ({"code": ""}, "invalid_request"),
        ({"code": "gh_ac_" + "A" * 49}, "invalid_grant"),
        ({"code": "nothing"}, "invalid_grant"),
        ({"grant_type": ""}, "invalid_request"),
    ],
)
def test_what_does_not_fit_the_code_is_refused_and_leaves_it_whole(
    user: User, change: dict[str, str], error: str
) -> None:
    of, secret = tokens.client()
    code = tokens.code(of, user)

    refused(tokens.trade(of, secret, code, **change), error)

    assert tokens.trade(of, secret, code).status_code == 200


def test_a_user_who_was_switched_off_meanwhile_gets_nothing(user: User) -> None:
    of, secret = tokens.client()
    code = tokens.code(of, user)
    User.objects.update(is_active=False)

    refused(tokens.trade(of, secret, code))


def test_a_scope_that_was_taken_from_the_client_meanwhile_is_not_given(user: User) -> None:
    of, secret = tokens.client()
    code = tokens.code(of, user, "read", "write")
    type(of).objects.update(scopes=["read"])

    assert tokens.trade(of, secret, code).json()["scope"] == "read"


def test_a_scope_in_the_token_request_adds_nothing(user: User) -> None:
    of, secret = tokens.client()
    given = tokens.trade(of, secret, tokens.code(of, user, "read"), scope="admin").json()

    assert given["scope"] == "read"


def test_the_sign_in_goes_from_the_page_through_every_token(user: User) -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, user)
    tokens.refresh(of, secret, given["refresh_token"])

    family = TokenFamily.objects.get()
    assert family.signed_in_at == tokens.SIGNED_IN.at
    assert family.methods == ["password", "totp"]


def test_nothing_that_lets_anybody_in_stands_in_the_database(user: User) -> None:
    of, secret = tokens.client()
    code = tokens.code(of, user)
    given = tokens.trade(of, secret, code).json()

    from django.apps import apps

    stored = [
        str(value)
        for model in apps.get_app_config("oauth").get_models()
        for row in model.objects.values()
        for value in row.values()
    ]
    assert RefreshToken.objects.count() == 1 and len(stored) > 40
    for text in (code, secret, given["access_token"], given["refresh_token"], tokens.VERIFIER):
        assert not [value for value in stored if text in value]
