"""`manage.py oauth_client`."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.audit.models import AuditEntry
from apps.oauth.models import OAuthClient
from tests import tokens, world
from tests.api import Api

pytestmark = pytest.mark.django_db
SERVICE = ("create", "--name", "Export", "--grant", "client_credentials", "--scope", "read")


def run(*words: str) -> str:
    out = StringIO()
    call_command("oauth_client", *words, stdout=out)
    return out.getvalue()


def said(output: str) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in output.splitlines())


def ask(client_id: str, secret: str) -> Any:
    header = tokens.basic(client_id, secret)
    return tokens.post("token", {"grant_type": "client_credentials"}, authorization=header)


def test_a_service_is_registered_and_works() -> None:
    agency = world.agency("Ours")
    made = said(run(*SERVICE, "--agency", "Ours", "--role", "agent", "--tier", "internal"))

    assert made.keys() == {"client_id", "client_secret"}
    answer = ask(made["client_id"], made["client_secret"])
    me = Api(answer.json()["access_token"]).get("me").json()
    assert (me["role"], me["agency"]["id"]) == ("agent", str(agency.pk))
    assert AuditEntry.objects.get(verb="client.created").actor == "command"


def test_a_native_client_has_no_secret() -> None:
    made = said(
        run(
            *("create", "--name", "Desktop", "--native", "--redirect-uri", "http://127.0.0.1/cb"),
            *("--grant", "authorization_code", "--grant", "refresh_token", "--scope", "read"),
        )
    )
    assert made.keys() == {"client_id"}
    row = OAuthClient.objects.get()
    assert (row.is_native, row.client_type, row.client_secret) == (True, "public", "")


@pytest.mark.parametrize(
    "words",
    [
        ("create", "--name", "x", "--grant", "authorization_code"),
        ("create", "--name", "x", "--grant", "password"),
        ("create", "--name", "x", "--grant", "client_credentials", "--scope", "all"),
        ("create", "--name", "x", "--grant", "client_credentials", "--public"),
        (*SERVICE, "--agency", "Nobody's"),
        ("rotate-secret", "nobody"),
        ("deactivate", "01a2233e-0c79-74f3-aa8e-d49a5d22b748"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*words)
    assert not OAuthClient.objects.exists()


def test_a_secret_is_rotated_a_client_ended_and_begun_again() -> None:
    made = said(run(*SERVICE))
    name, old = made["client_id"], made["client_secret"]
    new = said(run("rotate-secret", name))["client_secret"]
    assert (ask(name, old).status_code, ask(name, new).status_code) == (401, 200)

    run("deactivate", name)
    assert ask(name, new).status_code == 401
    run("activate", name)
    assert ask(name, new).status_code == 200


def test_the_list_holds_no_secret() -> None:
    of, secret = tokens.client()
    listed = run("list")
    assert of.client_id in listed and "active" in listed
    assert secret not in listed and of.client_secret not in listed


def test_a_public_client_has_no_secret_to_rotate() -> None:
    with pytest.raises(CommandError, match="no secret"):
        run("rotate-secret", tokens.public().client_id)
