"""Who may look at a token, and what the documents say of the endpoint."""

from .provider import Provider


def test_a_client_does_not_look_at_the_tokens_of_others(provider: Provider):
    token = provider.tokens(scope="openid read")["access_token"]
    answer = provider.post(provider.introspect, "other", token=token)
    assert answer.status == provider.says(stock=200, ours=403)
    assert ("username" in answer.json) is provider.is_stock


def test_a_token_is_not_looked_at_by_its_address(provider: Provider):
    """An address is written to logs: RFC 7662 section 2.1 wants POST."""
    token = provider.tokens()["access_token"]
    headers = provider.basic(provider.client_id("other"), provider.secret("other"))
    path = f"{provider.introspect}?token={token}"
    answer = provider.send("GET", path, headers, "", as_ana=False)
    assert answer.status == provider.says(stock=200, ours=405)


def test_a_public_client_is_nobody_at_introspection(provider: Provider):
    """Its secret is empty, and so an empty secret is right."""
    token = provider.tokens()["access_token"]
    form = {"client_id": provider.client_id("blank"), "token": token}
    answer = provider.post(provider.introspect, **form)
    assert answer.status == provider.says(stock=200, ours=403)
    assert ("active" in answer.json) is provider.is_stock


def test_a_stranger_is_asked_who_it_is(provider: Provider):
    answer = provider.post(provider.introspect, token="x")
    assert answer.status == provider.says(stock=403, ours=401)


def test_discovery_says_where_tokens_are_revoked(provider: Provider):
    """Strict clients refuse a provider that does not."""
    document = provider.get(provider.discovery).json
    assert ("revocation_endpoint" in document) is not provider.is_stock


def test_discovery_names_only_what_is_signed_with(provider: Provider):
    """HS256 with the public key for a secret is the oldest trick against clients."""
    document = provider.get(provider.discovery).json
    assert ("HS256" in document["id_token_signing_alg_values_supported"]) is provider.is_stock
