"""The headers that every answer under /api carries, whatever its status."""

import re

import pytest
from django.http import HttpResponse

from apps.core.problems import CATALOGUE, Code
from tests import world
from tests.api import Api

from .answers import REFUSALS, SUCCESSES, Answer
from .cast import Cast

METADATA = 'resource_metadata="http://localhost:8000/.well-known/oauth-protected-resource"'
ANSWERS: dict[str, Answer] = {str(s): answer for s, answer in SUCCESSES.items()} | REFUSALS
every_answer = pytest.mark.parametrize("name", ANSWERS)

LIMITS = ("RateLimit-Policy", "RateLimit", "X-RateLimit-Limit", "X-RateLimit-Remaining")


def answer(name: str, cast: Cast, patch: pytest.MonkeyPatch) -> HttpResponse:
    return ANSWERS[name](cast, patch)


@every_answer
def test_every_answer_carries_the_security_headers_and_its_id(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    response = answer(name, cast, monkeypatch)

    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    for header in ("Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy"):
        assert response[header]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "X-XSS-Protection" not in response.headers and "Server" not in response.headers


@every_answer
def test_every_answer_carries_the_limits(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    response = answer(name, cast, monkeypatch)

    for header in (*LIMITS, "X-RateLimit-Reset"):
        assert response[header]
    assert re.fullmatch(r'("[a-z]+";q=\d+;w=\d+(, )?)+', response["RateLimit-Policy"])
    assert re.fullmatch(r'"[a-z]+";r=\d+;t=\d+', response["RateLimit"])
    retry = response.status_code == 429 or name == "request_in_progress"
    assert ("Retry-After" in response.headers) is retry


@every_answer
def test_every_answer_varies_by_what_it_depends_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    response = answer(name, cast, monkeypatch)

    varies = {part.strip().lower() for part in response["Vary"].split(",")}
    assert varies == {"authorization", "x-api-key", "origin", "accept", "api-version"}


@every_answer
def test_no_answer_is_stored_where_others_could_read_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    response = answer(name, cast, monkeypatch)

    expected = "no-store" if name in REFUSALS else "private, no-cache"
    assert response["Cache-Control"] == expected


def test_every_status_of_the_catalogue_that_can_be_reached_is_among_them() -> None:
    reached = {CATALOGUE[Code(name)].status for name in REFUSALS} | set(SUCCESSES)

    statuses = {200, 201, 204, 304, 400, 401, 403, 404, 405, 406, 409, 410, 411, 412, 413, 415}
    assert reached == statuses | {422, 428, 429, 500}


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_has_no_type(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    response = SUCCESSES[status](cast, monkeypatch)

    assert (response.status_code, response.content) == (status, b"")
    assert "Content-Type" not in response.headers


@pytest.mark.parametrize("path", ["nowhere", "listings/not-a-uuid", "listings/", "offers//accept"])
def test_an_unknown_path_carries_them_too(cast: Cast, path: str) -> None:
    response = cast.stranger.get(path)

    assert response.status_code == 404
    for header in (*LIMITS, "X-Request-ID", "Vary", "Content-Security-Policy"):
        assert response[header]


PERSONAL = ["me", "offers", "buyer-profile", "api-keys"]


@pytest.mark.parametrize("path", PERSONAL)
def test_personal_data_and_credentials_are_never_stored(cast: Cast, path: str) -> None:
    world.profile(cast.buyer.user)

    assert cast.buyer.get(path)["Cache-Control"] == "no-store"


def test_what_is_the_same_for_everyone_may_be_stored_by_anyone(cast: Cast) -> None:
    for caller in (cast.stranger, cast.buyer):
        assert caller.get("openapi.json")["Cache-Control"] == "public, max-age=300"


def test_a_new_key_and_revealed_values_are_never_stored(cast: Cast) -> None:
    world.profile(cast.buyer.user)
    made = cast.buyer.post("api-keys", {"name": "n", "scopes": ["read"]})
    revealed = cast.buyer.post("buyer-profile/reveal", {"reason": "why"})

    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    assert (revealed.status_code, revealed["Cache-Control"]) == (200, "no-store")


def test_a_missing_credential_is_asked_for_without_an_error(cast: Cast) -> None:
    challenge = cast.stranger.get("me")["WWW-Authenticate"]

    assert challenge == f'Bearer realm="gatehouse", {METADATA}'


def test_a_refused_credential_is_told_why(cast: Cast) -> None:
    world.expired(cast.buyer.row)
    response = cast.buyer.get("me")

    assert response["WWW-Authenticate"] == (
        f'Bearer realm="gatehouse", error="invalid_token", error_description="expired", {METADATA}'
    )
    assert response.json()["reason"] == "expired"


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "listings", "read:listings"),
        ("POST", "listings", "write:listings"),
        ("POST", "offers", "write:offers"),
        ("GET", "offers", "read:offers"),
        ("GET", "buyer-profile", "read:profile"),
        ("DELETE", "buyer-profile", "write:profile"),
        ("POST", "api-keys", "admin:keys"),
    ],
)
def test_a_missing_scope_is_named_as_narrowly_as_would_do(
    cast: Cast, method: str, path: str, scope: str
) -> None:
    response = Api(world.key(cast.buyer.user, "read:audit")).send(method, path)

    assert response.status_code == 403
    assert response["WWW-Authenticate"] == (
        f'Bearer realm="gatehouse", error="insufficient_scope", scope="{scope}", {METADATA}'
    )


@pytest.mark.parametrize("code", sorted(set(REFUSALS) - {"insufficient_scope"}))
def test_no_other_refusal_challenges(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    response = REFUSALS[code](cast, monkeypatch)

    assert ("WWW-Authenticate" in response.headers) is (response.status_code == 401)
