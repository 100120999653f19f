"""The whole life of a token, with libraries that know nothing of us, over TLS."""

import time
from collections.abc import Callable

import pytest
import requests

from .libraries import NONCE, SCOPE, Authlib, Library, RequestsOAuthlib
from .person import BACK, Person, said
from .service import Service

pytestmark = [pytest.mark.process, pytest.mark.slow]


@pytest.fixture(params=[Authlib, RequestsOAuthlib])
def library(request: pytest.FixtureRequest, gatehouse: Service) -> Library:
    name = f"Desk of {request.param.__name__}"
    client_id, secret = gatehouse.registers(name, scopes=SCOPE.split(), redirect_uris=[BACK])
    return request.param(gatehouse.url, client_id, secret)


def test_from_discovery_to_revocation(
    library: Library, gatehouse: Service, person: Callable[[str], Person]
):
    manager = person("manager")
    address = manager.comes_back(lambda: manager.agrees(library.begins()))
    assert said(address)["iss"] == gatehouse.url
    first = library.finishes(address)

    claims = library.reads(first["id_token"])
    assert claims["iss"] == gatehouse.url
    assert claims["aud"] == library.client_id
    assert claims["nonce"] == NONCE
    assert set(claims["amr"]) == {"pwd", "otp", "mfa"}
    assert claims["exp"] - claims["iat"] <= 305
    assert time.time() - claims["auth_time"] < 120

    known = library.gets(library.metadata["userinfo_endpoint"]).json()
    assert known["sub"] == claims["sub"]
    assert known["email"] == manager.user["email"]
    me = f"{gatehouse.url}/api/v2/me"
    assert library.gets(me).json()["email"] == manager.user["email"]

    second = library.refreshes()
    assert second["refresh_token"] != first["refresh_token"]
    assert library.gets(me).status_code == 200

    assert library.revokes(second["refresh_token"]) == 200
    for tokens in (first, second):
        header = {"Authorization": f"Bearer {tokens['access_token']}"}
        answer = requests.get(me, headers=header, timeout=20)
        assert answer.status_code == 401
        assert "resource_metadata=" in answer.headers["WWW-Authenticate"]

    # Signed in, and allowed before: nobody is asked again.
    again = manager.comes_back(lambda: manager.is_sent_on(library.begins()))
    assert library.finishes(again)["access_token"]
