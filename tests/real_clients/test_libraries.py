"""The whole life of a token, with libraries that know nothing of us, over TLS."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
import requests

from .libraries import NONCE, SCOPE, Authlib, Library, RequestsOAuthlib
from .person import BACK, Person, said
from .service import FOR_PEOPLE, Service, each

pytestmark = [pytest.mark.process, pytest.mark.slow]


@pytest.fixture(params=[Authlib, RequestsOAuthlib])
def library(request: pytest.FixtureRequest, gatehouse: Service) -> Library:
    name = f"Desk of {request.param.__name__}"
    scopes = each("--scope", *SCOPE.split())
    known = gatehouse.registers(name, *FOR_PEOPLE, *scopes, "--redirect-uri", BACK)
    return request.param(gatehouse.url, *known)


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


def test_a_code_of_another_browser_is_refused(
    library: Library, gatehouse: Service, person: Callable[[str], Person]
):
    """The thief puts a stolen code into the answer to a request of their own."""
    victim = person("auditor")
    stolen = said(victim.comes_back(lambda: victim.agrees(library.begins())))["code"]
    thief = type(library)(gatehouse.url, library.client_id, library.secret)
    own = said(thief.begins())
    forged = urlencode({"code": stolen, "state": own["state"], "iss": gatehouse.url})
    with pytest.raises(Exception, match="invalid_grant"):
        thief.finishes(f"{BACK}?{forged}")
