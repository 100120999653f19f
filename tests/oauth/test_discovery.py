"""The documents at /.well-known are true: every value is accepted, its neighbours are not."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from apps.oauth import claims, discovery
from apps.oauth.models import OAuthClient, TokenFamily
from apps.oauth.scopes import KNOWN
from tests import people, tokens
from tests.api import Api

from .asking import CALLBACK, ISSUER, allowed, answer, ask

pytestmark = pytest.mark.django_db

DOCUMENTS = ("openid-configuration", "oauth-authorization-server", "oauth-protected-resource")


def document(name: str, **headers: str) -> dict[str, Any]:
    response = Client().get(f"/.well-known/{name}", headers=headers)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return response.json()


@pytest.fixture
def openid() -> dict[str, Any]:
    return document("openid-configuration")


@pytest.fixture
def app() -> tuple[OAuthClient, str]:
    every = [str(scope) for scope in KNOWN]
    return tokens.client(redirect_uris=[CALLBACK], scopes=every)


@pytest.fixture
def ana() -> Client:
    return people.sign_in(people.with_totp(people.verified()))


@pytest.mark.parametrize("name", [*DOCUMENTS, "jwks.json"])
def test_a_document_is_for_everyone_and_may_be_kept(name) -> None:
    response = Client().get(f"/.well-known/{name}", headers={"Origin": "https://any.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert re.fullmatch(r"public, max-age=\d+", response["Cache-Control"])
    assert "Set-Cookie" not in response and not response.cookies
    assert Client().post(f"/.well-known/{name}").status_code == 405


@pytest.mark.parametrize("path", ["/oauth/authorize", "/oauth/userinfo", "/accounts/login/"])
def test_nothing_else_is_open_to_other_origins(path) -> None:
    response = Client().get(path, headers={"Origin": "https://any.example"})
    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_header_changes_a_document(name) -> None:
    honest = document(name)
    lies = {
        "Host": "127.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "ftp",
        "Forwarded": "host=evil.example",
    }
    assert document(name, **lies) == honest


def test_the_members_are_these(openid) -> None:
    server = {
        *("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"),
        *("revocation_endpoint", "introspection_endpoint", "scopes_supported"),
        *("response_types_supported", "response_modes_supported", "grant_types_supported"),
        *("code_challenge_methods_supported", "token_endpoint_auth_methods_supported"),
        "revocation_endpoint_auth_methods_supported",
        "introspection_endpoint_auth_methods_supported",
        "authorization_response_iss_parameter_supported",
        *("protected_resources", "service_documentation"),
    }
    assert set(document("oauth-authorization-server")) == server
    assert set(openid) == server | {
        *("userinfo_endpoint", "subject_types_supported", "acr_values_supported"),
        *("id_token_signing_alg_values_supported", "prompt_values_supported"),
        *("claim_types_supported", "claims_supported", "claims_parameter_supported"),
        *("request_parameter_supported", "request_uri_parameter_supported"),
        "require_request_uri_registration",
    }
    assert openid.items() >= document("oauth-authorization-server").items()
    assert set(document("oauth-protected-resource")) == {
        *("resource", "authorization_servers", "scopes_supported", "bearer_methods_supported"),
        *("resource_name", "resource_documentation"),
    }


def test_the_issuer_is_where_the_document_was_found(openid) -> None:
    assert openid["issuer"] == ISSUER
    resource = document("oauth-protected-resource")
    assert resource["resource"] == ISSUER
    assert resource["authorization_servers"] == [ISSUER]
    assert openid["protected_resources"] == [ISSUER]


def test_every_address_is_served(openid) -> None:
    named = {name: value for name, value in openid.items() if name.endswith(("endpoint", "_uri"))}
    assert len(named) == 6
    for url in named.values():
        assert url.startswith(f"{ISSUER}/")
        resolve(urlsplit(url).path)


def test_every_response_type_and_mode_is_taken_and_no_other(openid, app, ana) -> None:
    assert openid["response_types_supported"] == ["code"]
    assert openid["response_modes_supported"] == ["query"]
    assert "code" in allowed(ana, app[0], response_type="code", response_mode="query")
    assert openid["code_challenge_methods_supported"] == ["S256"]


def test_every_scope_can_be_asked_for_and_no_other(openid, app, ana) -> None:
    scopes = openid["scopes_supported"]
    got = allowed(ana, app[0], scope=" ".join(scopes))
    assert "code" in got
    assert TokenFamily.objects.get().scopes == scopes
    assert set(document("oauth-protected-resource")["scopes_supported"]) == {
        scope for scope in scopes if scope not in ("openid", "profile", "email")
    }
    for other in ("offline_access", "address", "phone", "introspection", "read:everything"):
        assert answer(ask(ana, app[0], scope=other))["error"] == "invalid_scope"


def test_every_prompt_is_served_and_no_other(openid, app, ana) -> None:
    assert set(openid["prompt_values_supported"]) == {"none", "login", "consent"}
    for prompt in openid["prompt_values_supported"]:
        sent = ask(ana, app[0], prompt=prompt).headers.get("Location", "")
        assert "invalid_request" not in sent
    for other in ("create", "select_account", "None", "login,consent"):
        assert "error" in answer(ask(ana, app[0], prompt=other))


def test_every_acr_is_served_and_no_other(openid, app, ana) -> None:
    assert openid["acr_values_supported"] == ["mfa"]
    assert "code" in allowed(ana, app[0], acr_values="mfa")
    assert "error" in answer(ask(ana, app[0], acr_values="urn:mace:incommon:iap:silver"))


def test_every_grant_is_served_and_no_other(openid) -> None:
    of, secret = tokens.client(grant_types="authorization_code client_credentials refresh_token")
    for grant in openid["grant_types_supported"]:
        error = tokens.ask(of, secret, {"grant_type": grant}).json().get("error")
        assert error not in ("unsupported_grant_type", "unauthorized_client"), grant
    for other in (
        "password",
        "implicit",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
    ):
        refused = tokens.ask(of, secret, {"grant_type": other}).json()
        assert refused["error"] == "unsupported_grant_type"


def test_every_way_to_authenticate_is_taken(openid) -> None:
    of, secret = tokens.service()
    form = {"grant_type": "client_credentials"}
    ways = {
        "client_secret_basic": lambda: tokens.ask(of, secret, form),
        "client_secret_post": lambda: tokens.post(
            "token", form | {"client_id": of.client_id, "client_secret": secret}
        ),
        "none": lambda: tokens.trade(
            public := tokens.public(), None, tokens.code(public, people.verified())
        ),
    }
    assert set(openid["token_endpoint_auth_methods_supported"]) == set(ways)
    assert set(openid["revocation_endpoint_auth_methods_supported"]) == set(ways)
    for name, way in ways.items():
        assert way().status_code == 200, name
    nameless = {"token": "x", "client_id": tokens.public().client_id}
    assert tokens.post("introspect", nameless).status_code in (401, 403)
    assert "none" not in openid["introspection_endpoint_auth_methods_supported"]


def test_what_is_said_to_be_unsupported_is_refused(openid, app, ana) -> None:
    assert openid["request_parameter_supported"] is False
    assert openid["request_uri_parameter_supported"] is False
    assert answer(ask(ana, app[0], request="x"))["error"] == "request_not_supported"
    assert answer(ask(ana, app[0], request_uri="x"))["error"] == "request_uri_not_supported"


def test_every_answer_carries_the_issuer(openid, app, ana) -> None:
    assert openid["authorization_response_iss_parameter_supported"] is True
    assert allowed(ana, app[0])["iss"] == openid["issuer"]
    assert answer(ask(ana, app[0], scope="x"))["iss"] == openid["issuer"]


def test_bearers_come_in_the_header_alone() -> None:
    assert document("oauth-protected-resource")["bearer_methods_supported"] == ["header"]
    token = tokens.token(people.verified(), "read")
    assert Api(token).get("me").status_code == 200
    assert Api().get("me", {"access_token": token}).status_code == 400


def test_the_claims_are_those_that_tokens_and_userinfo_hold(openid) -> None:
    assert openid["claims_supported"] == list(claims.SUPPORTED)
    assert discovery.openid() == openid
