"""What the API takes for a token."""

from .provider import Provider


def test_an_id_token_opens_no_api(provider: Provider):
    """Every website that somebody signs in to with us gets one."""
    tokens = provider.tokens(scope="openid read")
    assert provider.get(provider.me, tokens["access_token"]).status == 200
    answer = provider.get(provider.me, tokens["id_token"])
    assert answer.status == provider.says(stock=200, ours=401)


def test_a_closed_account_ends_its_access_tokens(provider: Provider):
    token = provider.tokens()["access_token"]
    provider.deactivate()
    answer = provider.get(provider.me, token)
    assert answer.status == provider.says(stock=200, ours=401)


def test_a_closed_account_gets_no_new_tokens(provider: Provider):
    refresh_token = provider.tokens()["refresh_token"]
    provider.deactivate()
    answer = provider.refresh(refresh_token)
    assert answer.status == provider.says(stock=200, ours=400)


def test_a_new_password_ends_the_tokens_of_the_old_one(provider: Provider):
    tokens = provider.tokens()
    provider.change_password()
    answer = provider.get(provider.me, tokens["access_token"])
    assert answer.status == provider.says(stock=200, ours=401)
    assert provider.refresh(tokens["refresh_token"]).status == provider.says(stock=200, ours=400)


def test_a_token_in_a_form_is_no_credential(provider: Provider):
    """Forms are written to logs, and are what another website can make a browser send."""
    token = provider.tokens()["access_token"]
    answer = provider.post(provider.me, access_token=token)
    assert (answer.status == 200) is provider.is_stock


def test_a_bad_token_is_refused_also_where_none_is_needed(provider: Provider):
    """Otherwise a client whose token ended goes on as a stranger, and nobody notices."""
    answer = provider.get(provider.open, "not-a-token")
    assert answer.status == provider.says(stock=200, ours=401)


def test_a_missing_scope_is_named_in_the_challenge(provider: Provider):
    answer = provider.get(provider.administration, provider.tokens()["access_token"])
    assert answer.status == 403
    assert ("insufficient_scope" in answer.challenge) is not provider.is_stock
