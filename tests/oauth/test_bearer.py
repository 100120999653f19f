"""An access token at the API: what makes it good is read on every request."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jwcrypto import jwt

from apps.accounts.models import User
from apps.agencies.models import Membership
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.oauth import signing_keys, token_format
from apps.oauth.models import AccessToken, OAuthClient, TokenFamily
from apps.ratelimits import limiter
from apps.ratelimits.memory import MemoryStore
from apps.ratelimits.penalties import Rules
from tests import tokens, world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db


def reason(text: str) -> str:
    answer = Api(text).get("me")
    return assert_problem(answer, 401, "credentials_invalid")["reason"]


def test_one_query_finds_everything() -> None:
    text = tokens.token(world.person(), "read")
    Api(text).get("listings")
    with CaptureQueriesContext(connection) as sent:
        assert Api(text).get("listings").status_code == 200
    assert len(sent) == 2  # the token, and the listings


def test_made_up_tokens_cost_no_query() -> None:
    genuine = token_format.generate(token_format.Kind.ACCESS_TOKEN)
    for text in ("gh_at_" + "A" * 49, "gh_at_short", genuine[:-1] + "!", "gh_at_"):
        with CaptureQueriesContext(connection) as sent:
            response = Api(text).get("listings")
        assert response.status_code in (400, 401)
        assert not [query for query in sent if "oauth" in (query["sql"] or "")]
    assert reason("gh_at_" + "A" * 49) == "checksum"
    assert reason(genuine) == "unknown"


@pytest.mark.parametrize(
    ("model", "change", "why"),
    [
        (AccessToken, {"expires": datetime(2026, 1, 1, tzinfo=UTC)}, "expired"),
        (AccessToken, {"revoked_at": datetime(2026, 1, 1, tzinfo=UTC)}, "revoked"),
        (AccessToken, {"audience": "https://files.example"}, "unknown"),
        (TokenFamily, {"ended_at": datetime(2026, 1, 1, tzinfo=UTC)}, "revoked"),
        (TokenFamily, {"started_at": datetime.now(UTC) - timedelta(days=91)}, "expired"),
        (OAuthClient, {"is_active": False}, "inactive"),
        (User, {"is_active": False}, "inactive"),
    ],
)
def test_what_ends_a_token_ends_it_at_once(model: Any, change: dict, why: str) -> None:
    text = tokens.token(world.person(), "read")
    assert Api(text).get("me").status_code == 200

    model.objects.update(**change)

    assert reason(text) == why
    entry = AuditEntry.objects.filter(verb="credential.refused").latest("at")
    assert entry.reason == why
    assert entry.credential.startswith("token:") and text not in entry.credential


def test_a_role_counts_from_the_next_request_on() -> None:
    user = world.person(Role.MANAGER)
    text = tokens.token(user, "write")
    assert Api(text).post("listings", world.NEW_LISTING).status_code == 201

    Membership.objects.filter(user=user).update(role=Role.BUYER)

    assert Api(text).post("listings", world.NEW_LISTING).status_code == 403


def id_token(**claims: Any) -> str:
    """As the provider signs it."""
    signing_keys.ensure()
    key = signing_keys.private_jwk(signing_keys.current())
    token = jwt.JWT(header=json.dumps({"alg": "RS256", "typ": "JWT"}), claims=json.dumps(claims))
    token.make_signed_token(key)
    return token.serialize()


def test_an_id_token_is_no_bearer() -> None:
    of, secret = tokens.client()
    user = world.person()
    signing_keys.ensure()
    given = tokens.pair(of, secret, user, "openid", "admin")

    assert given["id_token"].count(".") == 2
    assert reason(given["id_token"]) == "unknown"
    response = Api(given["id_token"]).get("api-keys")
    assert_problem(response, 401, "credentials_invalid")


@pytest.mark.parametrize("kind", ["at+jwt", "JWT"])
def test_no_jwt_is_a_bearer_whoever_signed_it(kind: str) -> None:
    user = world.person()
    claims = {"sub": str(user.pk), "scope": "admin", "aud": "http://localhost:8000", "typ": kind}
    for text in (id_token(**claims), "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."):
        assert reason(text) == "unknown"


def test_openids_scopes_open_nothing_below_api() -> None:
    text = tokens.token(world.person(), "openid", "profile", "email")
    assert_problem(Api(text).get("offers"), 403, "insufficient_scope")


def test_a_token_in_the_url_or_the_form_is_refused_and_never_read() -> None:
    text = tokens.token(world.person(), "admin")
    for query in ({"access_token": text}, {"q": text}, {text: "x"}):
        assert_problem(Api().get("listings", query), 400, "credential_exposed")
        assert_problem(Api(text).get("listings", query), 400, "credential_exposed")
    response = Api().client.post("/api/v2/offers", {"access_token": text})
    assert response.status_code == 401
    exposed = AuditEntry.objects.filter(verb="credential.exposed")
    assert exposed.count() == exposed.filter(object_type="tokenfamily").count() == 6


def test_a_token_in_the_path_is_refused_as_exposed() -> None:
    text = tokens.token(world.person(), "admin")
    assert_problem(Api().get(f"tokens/{text}"), 400, "credential_exposed")


def remaining(text: str) -> int:
    return int(Api(text).get("listings")["X-RateLimit-Remaining"])


@pytest.fixture
def _still() -> None:
    """Buckets that do not fill while a test runs."""
    limiter._store = MemoryStore(Rules.of_seconds((1,), 1), clock=lambda: 0)


@pytest.mark.usefixtures("_still")
def test_fresh_tokens_are_no_fresh_limits() -> None:
    user = world.person()
    assert [remaining(tokens.token(user, "read")) for _ in range(3)] == [119, 118, 117]
    assert remaining(tokens.token(world.person(), "read")) == 119


@pytest.mark.usefixtures("_still")
def test_a_service_has_one_bucket_however_many_tokens_it_gets() -> None:
    of, secret = tokens.service()
    form = {"grant_type": "client_credentials"}
    texts = [tokens.ask(of, secret, form).json()["access_token"] for _ in range(3)]
    assert [remaining(text) for text in texts] == [119, 118, 117]


def test_the_tier_is_the_clients() -> None:
    of, _ = tokens.client(tier="partner")
    answer = Api(tokens.token(world.person(), "read", of=of)).get("listings")
    assert answer["X-RateLimit-Limit"] == "3000"
