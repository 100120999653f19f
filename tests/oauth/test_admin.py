"""OAuth clients in the admin."""

import re
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.oauth.models import OAuthClient
from tests import tokens, world
from tests.people import comes_in

pytestmark = pytest.mark.django_db
LIST = "/admin/oauth/oauthclient/"
SECRET = re.compile(r"gh_cs_[0-9A-Za-z]{49}")


@pytest.fixture
def browser() -> Client:
    root = User.objects.create_superuser("root@example.com", "a long pass phrase")
    return comes_in(Client(raise_request_exception=False), root)


def send(browser: Client, path: str, **form: Any) -> str:
    answer = browser.post(LIST + path, form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Night export",
        "client_type": "confidential",
        "grant_types": "client_credentials",
        "scopes": ["read"],
        "redirect_uris": "",
        "allowed_origins": "",
        "resources": "",
        "serves": "",
        "agency": "",
        "role": "buyer",
        "tier": "free",
        **changes,
    }


def test_a_secret_is_shown_once(browser: Client) -> None:
    page = send(browser, "add/", **fields())
    (secret,) = SECRET.findall(page)
    row = OAuthClient.objects.get()

    assert row.client_id in page
    assert secret not in str(browser.cookies)
    assert tokens.ask(row, secret, {"grant_type": "client_credentials"}).status_code == 200
    again = browser.get(f"{LIST}{row.pk}/change/").content.decode()
    assert secret not in again and row.client_secret not in again
    assert AuditEntry.objects.get(verb="client.created").actor.startswith("user:")


def test_what_contradicts_is_said_beside_its_field(browser: Client) -> None:
    page = send(
        browser,
        "add/",
        **fields(grant_types="authorization_code", redirect_uris="http://evil.example/"),
    )
    assert "begins neither with https" in page
    assert not OAuthClient.objects.exists()


def test_a_change_is_the_domains(browser: Client) -> None:
    of, _ = tokens.client()
    page = send(
        browser,
        f"{of.pk}/change/",
        **fields(
            name="New name",
            grant_types="authorization_code",
            redirect_uris="https://a.example/\nhttps://b.example/",
        ),
    )
    row = OAuthClient.objects.get()
    assert "errornote" not in page
    assert (row.name, row.scopes) == ("New name", ["read"])
    assert row.redirect_uris == ["https://a.example/", "https://b.example/"]
    assert row.client_secret == of.client_secret
    changed = AuditEntry.objects.get(verb="client.changed").changes["fields"]
    assert changed == ["grant_types", "name", "redirect_uris", "scopes"]


def test_a_client_is_given_a_secret_and_ended_by_an_action(browser: Client) -> None:
    of, old = tokens.service()
    page = send(browser, "", action="new_secret", _selected_action=[str(of.pk)])
    (new,) = SECRET.findall(page)
    alone = {"grant_type": "client_credentials"}
    assert tokens.ask(of, old, alone).status_code == 401
    assert tokens.ask(of, new, alone).status_code == 200

    send(browser, "", action="switch_off", _selected_action=[str(of.pk)])
    assert tokens.ask(of, new, alone).status_code == 401
    send(browser, "", action="switch_on", _selected_action=[str(of.pk)])
    assert tokens.ask(of, new, alone).status_code == 200


def test_a_public_client_is_given_no_secret(browser: Client) -> None:
    page = send(browser, "", action="new_secret", _selected_action=[str(tokens.public().pk)])
    assert not SECRET.findall(page)


def test_the_librarys_pages_are_not_there(browser: Client) -> None:
    for name in ("accesstoken", "refreshtoken", "authorizationcode", "tokenfamily"):
        assert browser.get(f"/admin/oauth/{name}/").status_code == 404
    assert browser.get("/admin/oauth2_provider/").status_code == 404


def test_staff_alone_comes_in() -> None:
    browser = comes_in(Client(), world.person())
    assert browser.get(LIST).status_code in (302, 403)
