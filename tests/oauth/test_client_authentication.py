"""Who the client is: proved in one way, refused in one way."""

import base64

import pytest

from apps.audit.models import AuditEntry
from apps.oauth import lifecycle
from apps.oauth.client_authentication import Claimed
from apps.oauth.models import OAuthClient
from tests import tokens

from .test_codes import refused

pytestmark = pytest.mark.django_db
ALONE = {"grant_type": "client_credentials"}


def test_basic_and_the_body_are_both_taken() -> None:
    of, secret = tokens.service()
    in_body = {**ALONE, "client_id": of.client_id, "client_secret": secret}

    assert tokens.ask(of, secret, ALONE).status_code == 200
    assert tokens.post("token", in_body).status_code == 200


def test_both_at_once_or_two_names_are_refused() -> None:
    of, secret = tokens.service()
    header = tokens.basic(of, secret)
    for more in ({"client_secret": secret}, {"client_id": "another"}):
        response = tokens.post("token", {**ALONE, **more}, authorization=header)
        refused(response, "invalid_request")


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic " + "A" * 600,
        "Basic " + base64.b64encode(b"no-colon").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Basic " + base64.b64encode(b"%00:%00").decode(),
        "Bearer abc",
        "Basic YTpi, Basic YTpi",
        "Digest a",
        " ",
    ],
)
def test_a_header_that_proves_nothing_is_answered_with_a_basic_challenge(header: str) -> None:
    for path in ("token", "revoke", "introspect"):
        response = tokens.post(path, {**ALONE, "token": "x"}, authorization=header)
        refused(response, "invalid_client", 401)
        assert response["WWW-Authenticate"] == 'Basic realm="gatehouse", charset="UTF-8"'


def test_unknown_clients_and_wrong_secrets_look_alike() -> None:
    of, secret = tokens.service()
    off, his = tokens.service()
    OAuthClient.objects.filter(pk=off.pk).update(is_active=False)
    public = tokens.public()
    answers = [
        tokens.post("token", ALONE, authorization=header)
        for header in (
            tokens.basic("01a2233e-0c79-74f3-aa8e-d49a5d22b748", secret),
            tokens.basic(of, secret[:-1] + ("a" if secret[-1] != "a" else "b")),
            tokens.basic(of, ""),
            tokens.basic(off, his),
            tokens.basic(public, ""),
            tokens.basic(public, "anything"),
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    entries = AuditEntry.objects.filter(verb="client.refused")
    assert entries.count() == len(answers)
    assert entries.filter(actor=f"client:{of.client_id}").count() == 2


def test_a_rotated_secret_ends_the_old_one_at_once() -> None:
    of, old = tokens.service()
    new = lifecycle.rotate_secret(tokens.Operator(), of)

    refused(tokens.ask(of, old, ALONE), "invalid_client", 401)
    assert tokens.ask(of, new, ALONE).status_code == 200


def test_a_secret_stays_out_of_a_repr() -> None:
    assert "hidden" not in repr(Claimed("name", "hidden"))


def test_a_look_up_compares_a_hash_for_known_and_unknown_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from apps.oauth import client_authentication, token_format

    compared: list[str] = []
    matches = token_format.matches

    def counting(text: str, stored: str) -> bool:
        compared.append(stored)
        return matches(text, stored)

    monkeypatch.setattr(client_authentication.token_format, "matches", counting)
    tokens.post("token", ALONE, authorization=tokens.basic("nobody", "x"))
    tokens.post("token", ALONE, authorization=tokens.basic(tokens.service()[0], "x"))
    assert len(compared) == 2
