"""One credential, in one header, in one form. Everything ambiguous is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.access.presented import MAX_LENGTH, UNDERSCORE_FLAG, presented
from apps.core.problems import Problem

KEY = "gh_test_0123456789Ab_" + "x" * 38


def outcome(query: tuple = (), **meta: str) -> str | None:
    """The text, or the code of the refusal."""
    try:
        return presented(meta, query)
    except Problem as refused:
        return f"refused: {refused.code}"


MALFORMED = "refused: malformed_credential"


@pytest.mark.parametrize(
    "meta",
    [
        {"HTTP_AUTHORIZATION": f"Bearer {KEY}"},
        {"HTTP_AUTHORIZATION": f"bearer {KEY}"},
        {"HTTP_AUTHORIZATION": f"BEARER  {KEY} "},
        {"HTTP_X_API_KEY": KEY},
    ],
    ids=str,
)
def test_either_header_presents_a_credential(meta: dict[str, str]) -> None:
    assert outcome(**meta) == KEY


def test_no_header_presents_none() -> None:
    assert outcome() is None


def test_two_headers_are_two_credentials_even_if_equal() -> None:
    assert outcome(HTTP_AUTHORIZATION=f"Bearer {KEY}", HTTP_X_API_KEY=KEY) == MALFORMED
    assert outcome(HTTP_AUTHORIZATION=f"Bearer {KEY}", HTTP_X_API_KEY="") == MALFORMED
    assert outcome(HTTP_AUTHORIZATION="", HTTP_X_API_KEY=KEY) == MALFORMED


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer\t" + KEY,
        KEY,
        "Basic dXNlcjpwYXNzd29yZA==",
        "Digest username=x",
        "Token " + KEY,
        f"Bearer {KEY},Bearer {KEY}",
        f"Bearer {KEY}, {KEY}",
        f"Bearer {KEY} {KEY}",
        f"Bearer={KEY}",
        f"Bearer {KEY}\x00",
        "Bearer ключ",
        "Bearer a=b",
        "Bearer " + "a" * (MAX_LENGTH + 1),
    ],
    ids=lambda text: ascii(text[:40]),
)
def test_any_other_authorization_is_malformed(header: str) -> None:
    assert outcome(HTTP_AUTHORIZATION=header) == MALFORMED


@pytest.mark.parametrize(
    "header",
    ["", " ", f" {KEY}", f"{KEY} ", f"{KEY},{KEY}", f"Bearer {KEY}", f"{KEY}\n", '"' + KEY + '"'],
    ids=ascii,
)
def test_any_other_key_header_is_malformed(header: str) -> None:
    assert outcome(HTTP_X_API_KEY=header) == MALFORMED


@pytest.mark.parametrize(
    "meta",
    [{"HTTP_AUTHORIZATION": f"Bearer {KEY},Bearer {KEY}"}, {"HTTP_X_API_KEY": f"{KEY},{KEY}"}],
    ids=["token", "key"],
)
def test_a_doubled_header_is_told_that_it_was_doubled(meta: dict[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        presented(meta, ())

    assert refused.value.errors[0].detail == "The header came more than once."


@pytest.mark.parametrize(
    "names", ["X_API_Key", "x_api_key", "X-API_KEY", "Accept_Language,X_Api_Key", "Authorization"]
)
def test_a_twin_with_underscores_is_refused_whatever_else_came(names: str) -> None:
    assert outcome(**{UNDERSCORE_FLAG: names}) == MALFORMED
    assert outcome(**{UNDERSCORE_FLAG: names, "HTTP_X_API_KEY": KEY}) == MALFORMED


def test_other_names_with_underscores_are_nobodys_credential() -> None:
    assert outcome(**{UNDERSCORE_FLAG: "X_Forwarded_For", "HTTP_X_API_KEY": KEY}) == KEY


@pytest.mark.parametrize(
    "name", ["access_token", "api_key", "apikey", "api-key", "X-API-Key", "Authorization", "APIKEY"]
)
def test_a_credential_in_the_url_is_refused_by_its_name(name: str) -> None:
    assert outcome([(name, "anything")]) == "refused: credential_exposed"
    assert outcome([(name, "")], HTTP_X_API_KEY=KEY) == "refused: credential_exposed"


@pytest.mark.parametrize("value", [KEY, f"x{KEY}", "gh_live_", f'{{"key": "{KEY}"}}'])
def test_a_key_in_the_url_is_refused_under_any_name(value: str) -> None:
    assert outcome([("city", value)]) == "refused: credential_exposed"


def test_a_refusal_does_not_repeat_the_credential() -> None:
    with pytest.raises(Problem) as refused:
        presented({"HTTP_AUTHORIZATION": f"Basic {KEY}"}, ())

    assert KEY not in str(refused.value.document())


@given(st.text(max_size=30))
def test_whatever_passes_is_one_token_of_the_bearer_form(text: str) -> None:
    for meta in ({"HTTP_AUTHORIZATION": f"Bearer {text}"}, {"HTTP_X_API_KEY": text}):
        found = outcome(**meta)
        if found != MALFORMED:
            assert found == text.strip(" ")
            assert found.isascii() and not set(found) & set(", \t\"'\\")
