"""Revocation: one's own, whole, and without telling anybody anything."""

import pytest

from apps.audit.models import AuditEntry
from tests import tokens, world
from tests.api import Api

from .test_codes import refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_either_token_of_a_pair_ends_both(which: str) -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, world.person())

    response = tokens.ask(of, secret, {"token": given[which]}, "revoke")

    assert (response.status_code, response.content) == (200, b"")
    assert response["Cache-Control"] == "no-store"
    assert Api(given["access_token"]).get("me").json()["reason"] == "revoked"
    refused(tokens.refresh(of, secret, given["refresh_token"]))
    assert AuditEntry.objects.filter(verb="token.revoked").count() == 1


def test_a_wrong_hint_misleads_nobody() -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, world.person())
    form = {"token": given["access_token"], "token_type_hint": "refresh_token"}
    tokens.ask(of, secret, form, "revoke")

    assert Api(given["access_token"]).get("me").status_code == 401


def test_a_public_client_ends_its_own() -> None:
    of = tokens.public()
    given = tokens.pair(of, None, world.person())
    assert tokens.ask(of, None, {"token": given["refresh_token"]}, "revoke").status_code == 200
    assert Api(given["access_token"]).get("me").status_code == 401


def test_what_is_not_ones_own_lives_on_and_looks_like_what_is_unknown() -> None:
    of, secret = tokens.client()
    thief, his = tokens.client()
    given = tokens.pair(of, secret, world.person())
    texts = (given["access_token"], given["refresh_token"], "gh_at_" + "A" * 49, "nothing", "é")
    answers = [tokens.ask(thief, his, {"token": text}, "revoke") for text in texts]

    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b"")}
    assert Api(given["access_token"]).get("me").status_code == 200
    assert not AuditEntry.objects.filter(verb="token.revoked").exists()


def test_a_confidential_clients_name_alone_ends_nothing() -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, world.person())
    form = {"token": given["access_token"], "client_id": of.client_id}
    refused(tokens.post("revoke", form), "invalid_client", 401)
    assert Api(given["access_token"]).get("me").status_code == 200


def test_without_a_token_there_is_nothing_to_answer() -> None:
    of, secret = tokens.client()
    refused(tokens.ask(of, secret, {}, "revoke"), "invalid_request")
