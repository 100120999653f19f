"""ID tokens by the real way: authorize, consent, token; and what UserInfo adds."""

import base64
import hashlib
import json
import time
from typing import Any

import pytest
from django.test import Client
from jwcrypto.jwk import JWKSet
from jwcrypto.jwt import JWT

from apps.agencies.roles import Role
from apps.oauth import signing_keys
from apps.oauth.models import OAuthClient, SigningKey, TokenFamily
from tests import people, tokens
from tests.api import Api

from .asking import CALLBACK, ISSUER, allowed, answer, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> tuple[OAuthClient, str]:
    return tokens.client(redirect_uris=[CALLBACK])


def published() -> JWKSet:
    return JWKSet.from_json(Client().get("/.well-known/jwks.json").content)


def claims_of(id_token: str) -> dict[str, Any]:
    """As a client reads them: by the JWKS, RS256 alone."""
    return json.loads(JWT(jwt=id_token, key=published(), algs=["RS256"]).claims)


def given(browser: Client, app: tuple[OAuthClient, str], **asked: Any) -> dict[str, Any]:
    code = allowed(browser, app[0], **asked)["code"]
    return tokens.trade(*app, code, redirect_uri=CALLBACK).json()


def test_it_says_who_signed_in_when_and_how(app) -> None:
    ana = people.with_totp(people.verified())
    before = int(time.time())
    answer = given(people.sign_in(ana), app, scope="openid email", nonce="n-0S6_WzA2Mj")
    claims = claims_of(answer["id_token"])
    assert set(claims) == {
        *("iss", "sub", "aud", "exp", "iat", "jti"),
        *("auth_time", "nonce", "acr", "amr", "at_hash"),
    }
    assert claims["iss"] == ISSUER
    assert claims["sub"] == str(ana.pk)
    assert claims["aud"] == app[0].client_id
    assert claims["nonce"] == "n-0S6_WzA2Mj"
    assert before <= claims["auth_time"] <= claims["iat"]
    assert 0 < claims["exp"] - claims["iat"] <= 300
    assert (claims["acr"], claims["amr"]) == ("mfa", ["pwd", "otp", "mfa"])
    half = hashlib.sha256(answer["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).decode().rstrip("=")


def test_a_password_alone_is_no_second_factor(app) -> None:
    claims = claims_of(given(people.sign_in(people.verified()), app)["id_token"])
    assert "acr" not in claims and claims["amr"] == ["pwd"]
    assert "nonce" not in claims


def test_without_openid_there_is_none(app) -> None:
    assert "id_token" not in given(people.sign_in(people.verified()), app, scope="read")


def test_without_a_key_the_client_is_told_to_wait_and_its_code_stays_good(app) -> None:
    code = allowed(people.sign_in(people.verified()), app[0])["code"]
    key = SigningKey.objects.get()
    SigningKey.objects.all().delete()
    response = tokens.trade(*app, code, redirect_uri=CALLBACK)

    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert response.json()["error"] == "temporarily_unavailable"
    key.save(force_insert=True)
    assert "id_token" in tokens.trade(*app, code, redirect_uri=CALLBACK).json()


def test_its_header_names_the_key_that_signs(app) -> None:
    text = given(people.sign_in(people.verified()), app)["id_token"]
    header = json.loads(base64.urlsafe_b64decode(text.split(".")[0] + "=="))
    assert header == {"typ": "JWT", "alg": "RS256", "kid": signing_keys.current().kid}


def test_it_opens_neither_the_api_nor_userinfo(app) -> None:
    text = given(people.sign_in(people.verified()), app)["id_token"]
    assert Api(text).get("me").status_code == 401
    assert userinfo(text).status_code == 401


def test_a_step_up_shows_in_the_next_token(app) -> None:
    ana = people.with_totp(people.verified())
    browser = people.comes_in(Client(), ana, minutes=3)
    claims = claims_of(given(browser, app, acr_values="mfa", max_age=600)["id_token"])
    assert claims["acr"] == "mfa"
    assert 170 <= time.time() - claims["auth_time"] <= 200


# --- id_token_hint --------------------------------------------------------------------------------


def test_a_hint_names_the_person_or_the_answer_is_no(app) -> None:
    ana, bob = people.verified(), people.verified()
    here, there = people.sign_in(ana), people.sign_in(bob)
    of_ana, of_bob = (given(one, app)["id_token"] for one in (here, there))
    assert "code" in answer(ask(here, app[0], prompt="none", id_token_hint=of_ana))
    other = tokens.client(redirect_uris=[CALLBACK])
    of_another_client = given(here, other)["id_token"]
    head, body, _ = of_ana.split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    for hint in (
        of_bob,
        of_another_client,
        f"{head}.{body}.",
        f"{unsigned}.{body}.",
        "x",
        "a.b.c",
        "{}",
        "ж",
        "\0",
        "a" * 3000,
    ):
        got = answer(ask(here, app[0], prompt="none", id_token_hint=hint))
        assert got["error"] == "login_required", hint


# --- UserInfo -------------------------------------------------------------------------------------


def userinfo(token: str | None, method: str = "get", **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return getattr(Client(), method)("/oauth/userinfo", headers=headers, **more)


@pytest.mark.parametrize(
    "scopes, names",
    [
        (("openid",), {"sub"}),
        (("openid", "email"), {"sub", "email", "email_verified"}),
        (("openid", "profile"), {"sub", "role", "agency"}),
        (("openid", "profile", "email"), {"sub", "role", "agency", "email", "email_verified"}),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_userinfo_says_what_the_scopes_ask_for(scopes, names, method) -> None:
    manager = people.verified(Role.MANAGER)
    response = userinfo(tokens.token(manager, *scopes), method)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    claims = response.json()
    assert set(claims) == names
    assert claims["sub"] == str(manager.pk)
    assert claims.get("email_verified", True) is True
    assert claims.get("role", "manager") == "manager"


def test_an_address_that_was_never_proved_is_said_to_be_none() -> None:
    ana = people.world.person()
    assert userinfo(tokens.token(ana, "openid", "email")).json()["email_verified"] is False


def test_who_belongs_to_no_agency_has_none() -> None:
    ana = people.verified()
    assert userinfo(tokens.token(ana, "openid", "profile")).json() == {
        "sub": str(ana.pk),
        "role": "buyer",
    }


def test_userinfo_refuses_as_a_resource_server_does() -> None:
    ana = people.verified()
    metadata = f'resource_metadata="{ISSUER}/.well-known/oauth-protected-resource"'
    assert userinfo(None).status_code == 401
    assert userinfo(None)["WWW-Authenticate"] == f'Bearer realm="gatehouse", {metadata}'
    plain = userinfo(tokens.token(ana, "read", "profile"))
    assert plain.status_code == 403
    assert plain["WWW-Authenticate"] == (
        f'Bearer realm="gatehouse", error="insufficient_scope", scope="openid", {metadata}'
    )
    for bad in ("x", "gh_at_" + "0" * 49, people.world.key(ana), tokens.own("read")):
        assert userinfo(bad).status_code in (401, 403)
    elsewhere = tokens.token(ana, "openid", audience="https://other.example")
    assert userinfo(elsewhere).status_code == 401
    ended = tokens.token(ana, "openid")
    TokenFamily.objects.update(ended_at=TokenFamily.objects.latest("started_at").started_at)
    response = userinfo(ended)
    assert response.status_code == 401
    assert 'error="invalid_token"' in response["WWW-Authenticate"]


def test_userinfo_takes_a_token_in_the_header_alone() -> None:
    token = tokens.token(people.verified(), "openid")
    assert Client().get(f"/oauth/userinfo?access_token={token}").status_code == 400
    assert Client().post("/oauth/userinfo", {"access_token": token}).status_code == 401
    browser = people.sign_in(people.verified())
    assert browser.get("/oauth/userinfo").status_code == 401
