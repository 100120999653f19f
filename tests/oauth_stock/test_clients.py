"""What a client may ask for, and how it says who it is."""

import time

from .provider import Provider, fresh_verifier


def test_a_client_asks_for_its_own_scopes_only(provider: Provider):
    answer = provider.post(
        provider.token, "service", grant_type="client_credentials", scope="admin"
    )
    assert answer.status == provider.says(stock=200, ours=400)
    assert answer.json.get("error") == provider.says(stock=None, ours="invalid_scope")


def test_a_person_is_not_asked_for_what_the_client_may_not_have(provider: Provider):
    answer = provider.consents(provider.asks(fresh_verifier(), scope="admin"))
    assert answer.back.get("error") == provider.says(stock=None, ours="invalid_scope")


def test_a_service_has_rights_of_its_own(provider: Provider):
    """Without a user there is nobody whom the stock permission would let in."""
    answer = provider.post(provider.token, "service", grant_type="client_credentials", scope="read")
    answer = provider.get(provider.me, answer.json["access_token"])
    assert answer.status == provider.says(stock=403, ours=200)


def test_proving_a_secret_costs_no_more_than_a_hash(provider: Provider):
    """A secret of 128 random characters needs no slow hash, and every call pays for it."""
    began = time.process_time()
    assert provider.prove_secret()
    seconds = time.process_time() - began
    assert (seconds > 0.05) is provider.is_stock, seconds


def test_a_refused_client_is_told_how_to_say_who_it_is(provider: Provider):
    """RFC 6749 section 5.2: with the scheme that it used."""
    headers = provider.basic(provider.client_id("service"), "wrong")
    form = "grant_type=client_credentials"
    answer = provider.send("POST", provider.token, headers, form, as_ana=False)
    assert answer.status == 401
    assert answer.challenge.split()[0] == provider.says(stock="Bearer", ours="Basic")


def test_a_grant_without_its_parameter_is_refused_and_no_failure(provider: Provider):
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    answer = provider.post(provider.token, client_id=provider.client_id("app"), grant_type=grant)
    assert answer.status == provider.says(stock=500, ours=400)
    assert provider.is_stock or answer.json["error"] == "unsupported_grant_type"


def test_guessing_at_the_token_endpoint_is_limited(provider: Provider):
    form = {"grant_type": "authorization_code", "code": "x", "code_verifier": fresh_verifier()}
    form["client_id"] = provider.client_id("app")
    # Twice what a window holds, because one may end in between.
    statuses = {provider.post(provider.token, **form).status for _ in range(125)}
    assert (429 in statuses) is not provider.is_stock


def test_not_everybody_registers_clients(provider: Provider):
    """The library's pages let any user make one, with any grant."""
    page = provider.get("/oauth/applications/register/", as_ana=True)
    assert page.status == provider.says(stock=200, ours=404)
    form = provider.filled(page.text) if provider.is_stock else {}
    form |= {
        "name": "planted",
        "client_id": "planted",
        "client_secret": "planted",
        "client_type": "confidential",
        "authorization_grant_type": "client-credentials",
        "algorithm": "",
    }
    made = provider.post("/oauth/applications/register/", as_ana=True, **form)
    assert made.status == provider.says(stock=302, ours=404)
