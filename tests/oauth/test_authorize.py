"""The authorize endpoint: codes for honest requests, and the error of its RFC for every other."""

import pytest
from django.test import Client

from apps.oauth.models import AuthorizationCode, Consent, OAuthClient, TokenFamily
from tests import people

from .asking import (
    CALLBACK,
    CHALLENGE,
    ISSUER,
    allowed,
    answer,
    ask,
    client,
    decide,
    is_consent,
    native,
    path,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> OAuthClient:
    return client()


@pytest.fixture
def ana() -> Client:
    return people.comes_in(Client(), people.verified())


def test_an_allowed_request_gets_a_code_bound_to_what_was_asked(app, ana) -> None:
    got = allowed(ana, app, nonce="n-1", state="s-1", resource=ISSUER)
    assert set(got) == {"code", "state", "iss"}
    assert (got["state"], got["iss"]) == ("s-1", ISSUER)
    code = AuthorizationCode.objects.get()
    assert (code.redirect_uri, code.nonce) == (CALLBACK, "n-1")
    assert code.code_challenge == CHALLENGE
    family = TokenFamily.objects.get()
    assert (family.client, family.scopes) == (app, ["openid", "read"])
    assert family.methods == ["totp"]
    assert got["code"] != code.code


def test_the_code_comes_back_behind_what_the_registered_address_has_already(ana) -> None:
    uri = f"{CALLBACK}?tenant=north%20side&flag"
    location = decide(ana, ask(ana, client(redirect_uris=[uri]), state="x"))["Location"]
    assert location.startswith(f"{uri}&code=gh_ac_")


def test_a_request_without_state_gets_none(app, ana) -> None:
    assert set(allowed(ana, app, state=None)) == {"code", "iss"}


def test_a_client_may_send_its_request_as_a_form(app, ana) -> None:
    where, _, query = path(app).partition("?")
    sent = Client(enforce_csrf_checks=True).post(
        where, query, content_type="application/x-www-form-urlencoded"
    )
    assert sent.status_code == 303
    assert is_consent(ana.get(sent["Location"]))


REFUSED = {
    "implicit": ({"response_type": "token"}, "unsupported_response_type"),
    "id_token": ({"response_type": "id_token"}, "unsupported_response_type"),
    "implicit OpenID": ({"response_type": "id_token token"}, "unsupported_response_type"),
    "hybrid": ({"response_type": "code token"}, "unsupported_response_type"),
    "hybrid OpenID": ({"response_type": "code id_token"}, "unsupported_response_type"),
    "all at once": ({"response_type": "code id_token token"}, "unsupported_response_type"),
    "none": ({"response_type": "none"}, "unsupported_response_type"),
    "another case": ({"response_type": "Code"}, "unsupported_response_type"),
    "no response type": ({"response_type": None}, "invalid_request"),
    "fragment": ({"response_mode": "fragment"}, "invalid_request"),
    "form_post": ({"response_mode": "form_post"}, "invalid_request"),
    "no PKCE": ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    "plain by default": ({"code_challenge_method": None}, "invalid_request"),
    "plain": ({"code_challenge_method": "plain"}, "invalid_request"),
    "short challenge": ({"code_challenge": "abc"}, "invalid_request"),
    "no challenge": ({"code_challenge": None}, "invalid_request"),
    "challenge in hex": ({"code_challenge": "0" * 64}, "invalid_request"),
    "padded challenge": ({"code_challenge": CHALLENGE + "="}, "invalid_request"),
    "unknown scope": ({"scope": "openid everything"}, "invalid_scope"),
    "wider scope": ({"scope": "write"}, "invalid_scope"),
    "administration": ({"scope": "openid admin"}, "invalid_scope"),
    "foreign resource": ({"resource": "https://other.example"}, "invalid_target"),
    "one foreign of two": ({"resource": [ISSUER, "https://other.example"]}, "invalid_target"),
    "resource with a path": ({"resource": f"{ISSUER}/"}, "invalid_target"),
    "request object": ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
    "request address": ({"request_uri": "https://a.example"}, "request_uri_not_supported"),
    "registration": ({"registration": "{}"}, "registration_not_supported"),
    "two scopes": ({"scope": ["read", "openid"]}, "invalid_request"),
    "two states": ({"state": ["a", "b"]}, "invalid_request"),
    "two challenges": ({"code_challenge": [CHALLENGE, CHALLENGE]}, "invalid_request"),
    "two response types": ({"response_type": ["code", "token"]}, "invalid_request"),
    "state of two lines": ({"state": "a\r\nLocation: https://x"}, "invalid_request"),
    "state with a zero": ({"state": "\0"}, "invalid_request"),
    "nonce with a zero": ({"nonce": "a\0b"}, "invalid_request"),
    "long nonce": ({"nonce": "n" * 256}, "invalid_request"),
    "prompt unknown": ({"prompt": "always"}, "invalid_request"),
    "prompt create": ({"prompt": "create"}, "invalid_request"),
    "prompt none and login": ({"prompt": "none login"}, "invalid_request"),
    "prompt select": ({"prompt": "select_account"}, "account_selection_required"),
    "max_age negative": ({"max_age": "-1"}, "invalid_request"),
    "max_age words": ({"max_age": "soon"}, "invalid_request"),
    "max_age huge": ({"max_age": "9" * 30}, "invalid_request"),
    "max_age in other digits": ({"max_age": "٣٠"}, "invalid_request"),
    "acr unknown": ({"acr_values": "gold"}, "unmet_authentication_requirements"),
}


@pytest.mark.parametrize("changes, error", REFUSED.values(), ids=REFUSED)
def test_a_faulty_request_goes_back_with_the_error_of_its_rfc(app, ana, changes, error) -> None:
    response = ask(ana, app, **changes)
    got = answer(response)
    states = changes.get("state", "a state/with")
    expected = {"error", "error_description", "iss"} | (
        set() if isinstance(states, list) else {"state"}
    )
    assert set(got) == expected
    assert (got["error"], got["iss"]) == (error, ISSUER)
    assert response["Location"].startswith(f"{CALLBACK}?")
    assert "#" not in response["Location"]
    assert got.get("state") in (None, states)
    assert not AuthorizationCode.objects.exists()


def test_a_client_of_other_grants_is_not_served(ana) -> None:
    app = client(grant_types="client_credentials", redirect_uris=[CALLBACK])
    assert answer(ask(ana, app))["error"] == "unauthorized_client"


def test_a_client_without_a_reading_scope_has_to_name_one(ana) -> None:
    app = client(scopes=["openid", "write:offers"])
    assert answer(ask(ana, app, scope=None))["error"] == "invalid_scope"


def test_who_names_no_scope_is_asked_for_what_only_reads(app, ana) -> None:
    allowed(ana, app, scope=None)
    assert TokenFamily.objects.get().scopes == ["read"]


def test_unknown_parameters_change_nothing(app, ana) -> None:
    assert is_consent(ask(ana, app, approval_prompt="auto", display="popup", claims="{", x="1"))


# --- Addresses ------------------------------------------------------------------------------------

TRICKS = {
    "a suffix": CALLBACK + ".evil.example",
    "a longer path": CALLBACK + "/more",
    "a shorter path": "https://app.example.com/",
    "a suffix of the host": "https://app.example.com.evil.example/callback",
    "a user before the host": "https://app.example.com@evil.example/callback",
    "our host as a user": "https://app.example.com:x@evil.example/callback",
    "an added query": CALLBACK + "?next=https://evil.example",
    "an added fragment": CALLBACK + "#x",
    "an empty fragment": CALLBACK + "#",
    "http": "http://app.example.com/callback",
    "another case of the path": "https://app.example.com/Callback",
    "another case of the host": "https://APP.example.com/callback",
    "the default port": "https://app.example.com:443/callback",
    "an encoded letter": "https://app.example.com/c%61llback",
    "dots": "https://app.example.com/x/../callback",
    "encoded dots": "https://app.example.com/%2e%2e/callback",
    "a backslash": "https://app.example.com\\@evil.example/callback",
    "a space in front": " " + CALLBACK,
    "a line break": CALLBACK + "\r\nSet-Cookie: a=b",
    "a zero": CALLBACK + "\0",
    "a tab": "https://app.exam\tple.com/callback",
    "javascript": "javascript:alert(1)//app.example.com/callback",
    "data": "data:text/html,https://app.example.com/callback",
    "no scheme": "//app.example.com/callback",
    "a subdomain": "https://evil.app.example.com/callback",
    "a final dot": "https://app.example.com./callback",
    "a letter that looks alike": "https://аpp.example.com/callback",
    "loopback": "http://127.0.0.1:4000/callback",
    "localhost": "http://localhost:4000/callback",
    "nothing": "",
}


@pytest.mark.parametrize("uri", TRICKS.values(), ids=TRICKS)
def test_an_address_that_is_not_registered_leads_nowhere(app, ana, uri) -> None:
    response = ask(ana, app, redirect_uri=uri)
    assert response.status_code == 400 and "Location" not in response
    assert b"Request not taken" in response.content
    assert b"evil" not in response.content


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "0" * 36},
        {"client_id": None},
        {"client_id": "\0"},
        {"client_id": "ж"},
        {"client_id": ["a", "b"]},
        {"redirect_uri": None},
        {"redirect_uri": [CALLBACK, CALLBACK]},
        {"redirect_uri": [CALLBACK, "https://evil.example"]},
    ],
    ids=str,
)
def test_who_cannot_be_told_is_not_redirected(app, ana, changes) -> None:
    response = ask(ana, app, response_type="token", **changes)
    assert response.status_code == 400 and "Location" not in response


def test_a_client_that_was_switched_off_is_unknown(app, ana) -> None:
    app.is_active = False
    app.save()
    assert ask(ana, app).status_code == 400


@pytest.mark.parametrize("port", ["", ":1", ":49152", ":65535"])
def test_a_native_client_listens_on_the_port_that_is_free(ana, port) -> None:
    uri = f"http://127.0.0.1{port}/callback"
    assert is_consent(ask(ana, native(), redirect_uri=uri))


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:70000/callback",
        "http://127.0.0.1:x/callback",
        "http://127.0.0.1:80@evil.example/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.2:4000/callback",
        "http://localhost:4000/callback",
        "http://[::1]:4000/callback",
        "http://127.0.0.1:4000/other",
        "http://127.0.0.1:4000/callback?x=1",
        "http://127.0.0.1:4000/callback#x",
        "https://127.0.0.1:4000/callback",
        "http://2130706433:4000/callback",
        "http://127.0.0.1:04000/callback",
    ],
)
def test_a_native_client_returns_to_its_own_loopback_address_alone(ana, uri) -> None:
    assert ask(ana, native(), redirect_uri=uri).status_code == 400


# --- Malformed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["", "&&&", "=", "%", "%zz=%zz", "client_id=%ff%fe", "client_id", "a" * 3000, "x=1&" * 190],
)
def test_what_is_no_request_is_a_page_and_never_a_500(ana, query) -> None:
    response = ana.get(f"/oauth/authorize?{query}")
    assert response.status_code == 400 and "Location" not in response


@pytest.mark.parametrize("name", ["state", "nonce", "scope", "prompt", "acr_values", "login_hint"])
@pytest.mark.parametrize("raw", ["%00", "%ff", "%F0%9F%98%80", "%25", "+", "'\"<>", "a" * 1500])
def test_odd_values_are_answered_and_never_a_500(app, ana, name, raw) -> None:
    response = ana.get(path(app, **{name: None}) + f"&{name}={raw}")
    assert response.status_code in (200, 302), response


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", "", "text/x"])
def test_other_bodies_are_no_requests(content_type) -> None:
    sent = Client().post("/oauth/authorize", b"\x00{", content_type=content_type)
    assert sent.status_code in (303, 400)


def test_a_form_that_fits_in_no_address_is_refused(app) -> None:
    sent = Client().post("/oauth/authorize", {"state": "s" * 4000})
    assert sent.status_code == 400


@pytest.mark.parametrize("method", ["head", "put", "delete", "patch"])
def test_other_methods_are_not_served(ana, method) -> None:
    assert getattr(ana, method)("/oauth/authorize").status_code == 405


def test_nothing_of_it_is_kept_by_a_cache(app, ana) -> None:
    for response in (ask(ana, app), ask(ana, app, scope="admin"), ana.get("/oauth/authorize")):
        assert "no-store" in response["Cache-Control"]


def test_the_consent_is_remembered_and_growth_is_asked_about(app, ana) -> None:
    assert "code" in allowed(ana, app, scope="openid read")
    assert Consent.objects.get().scopes == ["openid", "read"]
    assert "code" in answer(ask(ana, app, scope="openid read"))
    assert "code" in answer(ask(ana, app, scope="read"))
    page = ask(ana, app, scope="openid read write:offers")
    assert is_consent(page)
    assert page.content.count(b">new<") == 1
