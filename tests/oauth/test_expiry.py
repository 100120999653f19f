"""`tick` removes what is over, and keeps what tells a replay."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from apps.oauth.expiry import forget_expired
from apps.oauth.models import AccessToken, AuthorizationCode, RefreshToken, TokenFamily
from tests import tokens, world
from tests.api import Api

from .test_codes import refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def aged(days: float) -> None:
    """Everything there is, so many days older."""
    for model, names in (
        (TokenFamily, ["started_at"]),
        (AuthorizationCode, ["expires"]),
        (AccessToken, ["expires", "created"]),
        (RefreshToken, ["expires", "created"]),
    ):
        for row in model.objects.all():
            for name in names:
                setattr(row, name, getattr(row, name) - timedelta(days=days))
            model.objects.filter(pk=row.pk).update(**{n: getattr(row, n) for n in names})


def counts() -> tuple[int, ...]:
    models = (TokenFamily, AuthorizationCode, AccessToken, RefreshToken)
    return tuple(model.objects.count() for model in models)


def test_what_lives_stays() -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, world.person())
    call_command("tick")
    assert counts() == (1, 1, 1, 1)
    assert Api(given["access_token"]).get("me").status_code == 200


def test_access_tokens_go_a_day_after_their_end_and_the_family_lives_on() -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, world.person())
    aged(2)
    assert forget_expired() == 1
    assert counts() == (1, 1, 0, 1)
    assert tokens.refresh(of, secret, given["refresh_token"]).status_code == 200


def test_a_used_code_and_a_used_refresh_token_are_remembered_as_long_as_they_tell() -> None:
    of, secret = tokens.client()
    code = tokens.code(of, world.person())
    first = tokens.trade(of, secret, code).json()
    second = tokens.refresh(of, secret, first["refresh_token"]).json()
    aged(13)
    forget_expired()

    refused(tokens.trade(of, secret, code))
    refused(tokens.refresh(of, secret, second["refresh_token"]))


def test_nothing_is_left_of_a_family_that_is_over() -> None:
    of, secret = tokens.client()
    tokens.pair(of, secret, world.person())
    tokens.code(of, world.person())
    tokens.own()
    aged(15)
    forget_expired()
    assert counts() == (0, 0, 0, 0)


def test_a_code_that_waits_keeps_its_family() -> None:
    of, secret = tokens.client()
    code = tokens.code(of, world.person())
    TokenFamily.objects.update(started_at=datetime.now(UTC) - 2 * DAY)
    forget_expired()
    assert tokens.trade(of, secret, code).status_code == 200
