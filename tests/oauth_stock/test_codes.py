"""Authorization codes, refresh tokens, and the page between them."""

from .provider import Provider, fresh_verifier


def test_a_replayed_code_ends_what_it_gave(provider: Provider):
    """RFC 6749 section 4.1.2: of two who redeem one code, one is a thief."""
    verifier = fresh_verifier()
    code = provider.code(verifier)
    tokens = provider.redeem(code, verifier).json
    assert provider.redeem(code, verifier).status == 400
    answer = provider.get(provider.me, tokens["access_token"])
    assert answer.status == provider.says(stock=200, ours=401)
    assert provider.refresh(tokens["refresh_token"]).status == provider.says(stock=200, ours=400)


def test_a_code_is_not_in_the_database(provider: Provider):
    code = provider.code(fresh_verifier())
    assert (code in provider.at_rest()) is provider.is_stock


def test_a_closed_account_redeems_no_code(provider: Provider):
    verifier = fresh_verifier()
    code = provider.code(verifier)
    provider.deactivate()
    assert provider.redeem(code, verifier).status == provider.says(stock=200, ours=400)


def test_refreshing_has_an_end(provider: Provider):
    """However often it is used: ASVS 10.4.8."""
    refresh_token = provider.refresh(provider.tokens()["refresh_token"]).json["refresh_token"]
    provider.age(days=91)
    assert provider.refresh(refresh_token).status == provider.says(stock=200, ours=400)


def test_the_client_does_not_decide_whether_ana_is_asked(provider: Provider):
    """An undocumented parameter of the client turns the switch of the server off."""
    provider.tokens(scope="read")
    asked = provider.asks(fresh_verifier(), scope="read", approval_prompt="auto")
    answer = provider.get(provider.authorize, as_ana=True, **asked)
    assert ("code" in answer.back) is provider.is_stock


def test_no_token_travels_in_an_address(provider: Provider):
    """The hybrid flow survives the switch that turns the implicit one off."""
    client = provider.says(stock="hybrid", ours="app")
    asked = provider.asks(fresh_verifier(), client, response_type="code token")
    answer = provider.consents(asked)
    assert ("access_token" in answer.back) is provider.is_stock
    assert answer.back.get("error") == provider.says(stock=None, ours="unsupported_response_type")


def test_asking_without_a_page_is_answered_and_no_failure(provider: Provider):
    asked = provider.asks(fresh_verifier(), prompt="none")
    answer = provider.get(provider.authorize, as_ana=True, **asked)
    assert answer.status == provider.says(stock=500, ours=302)
    assert provider.is_stock or answer.back["error"] == "consent_required"


def test_a_refusal_says_who_sends_it(provider: Provider):
    """RFC 9207: a client of several providers must know whose answer it reads."""
    asked = provider.asks(fresh_verifier(), scope="read", prompt="none")
    answer = provider.get(provider.authorize, **asked)
    assert answer.back["error"] == "login_required"
    assert ("iss" in answer.back) is not provider.is_stock


def test_a_token_is_for_a_resource_that_its_client_may_use(provider: Provider):
    """RFC 8707: a token that names somebody else's service is there to be forwarded to it."""
    asked = provider.asks(fresh_verifier(), resource="https://elsewhere.example/api")
    answer = provider.consents(asked)
    assert answer.back.get("error") == provider.says(stock=None, ours="invalid_target")
