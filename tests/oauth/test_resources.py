"""Audiences (RFC 8707): a token is for one place, and that place was allowed."""

import pytest

from apps.oauth.models import AccessToken, OAuthClient
from tests import tokens, world
from tests.api import Api

from .test_codes import refused

pytestmark = pytest.mark.django_db
HERE, FILES, MAIL = "http://localhost:8000", "https://files.example", "https://mail.example/v1"


def test_without_a_resource_a_token_is_for_this_service() -> None:
    of, secret = tokens.client(resources=[FILES])
    tokens.pair(of, secret, world.person())
    assert AccessToken.objects.get().audience == HERE


def test_a_token_for_another_audience_opens_nothing_here() -> None:
    of, secret = tokens.client(resources=[FILES])
    code = tokens.code(of, world.person(), "read", resource=FILES)
    given = tokens.trade(of, secret, code).json()

    assert AccessToken.objects.get().audience == FILES
    assert Api(given["access_token"]).get("me").json()["reason"] == "unknown"


def test_a_code_for_two_gives_a_token_for_each_and_never_for_both() -> None:
    of, secret = tokens.client(resources=[FILES, MAIL])
    user = world.person()
    code = tokens.code(of, user, "read", resource=[FILES, MAIL])
    refused(tokens.trade(of, secret, code), "invalid_target")
    refused(tokens.trade(of, secret, code, resource=[FILES, MAIL]), "invalid_target")
    refused(tokens.trade(of, secret, code, resource=HERE), "invalid_target")

    given = tokens.trade(of, secret, code, resource=FILES).json()
    other = tokens.refresh(of, secret, given["refresh_token"], resource=MAIL)

    assert other.status_code == 200
    assert set(AccessToken.objects.values_list("audience", flat=True)) == {FILES, MAIL}


@pytest.mark.parametrize("resource", ["https://else.example", "nonsense", "https://files.example/"])
def test_what_the_client_is_not_registered_for_is_refused(resource: str) -> None:
    of, secret = tokens.service(resources=[FILES])
    form = {"grant_type": "client_credentials", "resource": resource}
    refused(tokens.ask(of, secret, form), "invalid_target")
    assert not AccessToken.objects.exists()


def test_an_audience_taken_from_the_client_is_gone_with_the_next_token() -> None:
    of, secret = tokens.client(resources=[FILES])
    code = tokens.code(of, world.person(), "read", resource=FILES)
    given = tokens.trade(of, secret, code).json()
    OAuthClient.objects.update(resources=[])

    refused(tokens.refresh(of, secret, given["refresh_token"]), "invalid_target")
