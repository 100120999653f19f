"""Whatever is sent, the answer is one of the contract's: hypothesis looks for a 5xx."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.access.credential import Tier
from apps.agencies.roles import Role
from tests import world
from tests.api import Api

pytestmark = pytest.mark.django_db

quickly = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

#: Characters that tend to break something: composition, case, width, controls, quotes, syntax.
_SHARP = "\ufb2cﬃİıΐ\u0958é\u0301\u202e\u200d\x00\n\x7f'\"\\%_<>{}[]/;:,.?&=+-•٣１ＡA1 "
sharp_text = st.one_of(
    st.text(_SHARP, max_size=12),
    st.text(max_size=12),
    st.builds(lambda c, n: c * n, st.sampled_from(_SHARP), st.integers(1, 4_100)),
    st.sampled_from(["NaN", "null", "-0", "1e309", "9999-12-31T23:59:59Z", "0000-00-00", "${x}"]),
)
sharp_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**39), 10**39)
    | st.floats(allow_nan=False, allow_infinity=False)
    | sharp_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(sharp_text, inner, max_size=3),
    max_leaves=5,
)
money = st.fixed_dictionaries({"amount": sharp_text, "currency": st.just("USD")})


def changes(base: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A valid body with some members replaced, and perhaps one more."""
    names = st.sampled_from(sorted(base)) | sharp_text
    return st.dictionaries(names, sharp_values | money, min_size=1, max_size=3).map(
        lambda more: base | more
    )


class Callers:
    """One of each, with keys that no limit stops."""

    def __init__(self) -> None:
        self.manager, self.buyer = (
            Api(world.key(person, tier=Tier.INTERNAL))
            for person in (world.person(Role.MANAGER), world.person())
        )


@pytest.fixture
def callers() -> Callers:
    return Callers()


def is_answered(response: Any) -> None:
    assert response.status_code < 500, response.content
    assert response["X-Request-ID"]


def encodable(value: Any) -> Any:
    """Without half characters, which no JSON encoder sends."""
    if isinstance(value, str):
        return value.encode(errors="ignore").decode()
    if isinstance(value, list):
        return [encodable(one) for one in value]
    if isinstance(value, dict):
        return {encodable(name): encodable(one) for name, one in value.items()}
    return value


LISTING = world.NEW_LISTING | {"description": "", "reserve_price": None}
KEY = {"name": "n", "scopes": ["read"], "networks": [], "expires_at": "2026-12-31T00:00:00Z"}
BID = {"amount": {"amount": "1", "currency": "USD"}, "message": ""}


@quickly
@given(body=changes(LISTING))
def test_any_listing(callers: Callers, body: dict) -> None:
    is_answered(callers.manager.post("listings", encodable(body)))


@quickly
@given(body=changes(LISTING))
def test_any_change_of_a_listing(callers: Callers, body: dict) -> None:
    made = callers.manager.post("listings", world.NEW_LISTING)
    is_answered(callers.manager.patch(made["Location"], encodable(body), if_match=made["ETag"]))


@quickly
@given(body=changes(world.NEW_PROFILE))
def test_any_profile(callers: Callers, body: dict) -> None:
    is_answered(callers.buyer.put("buyer-profile", encodable(body), if_match="*"))
    is_answered(callers.buyer.put("buyer-profile", encodable(body)))


@quickly
@given(body=changes(BID), key=sharp_text)
def test_any_bid(callers: Callers, body: dict, key: str) -> None:
    listing = world.listing(world.agency())
    body = {"listing": str(listing.pk)} | encodable(body)
    is_answered(callers.buyer.post("offers", body, idempotency_key="a-fresh-random-value"))


@quickly
@given(body=changes(KEY))
def test_any_key(callers: Callers, body: dict) -> None:
    is_answered(callers.buyer.post("api-keys", encodable(body)))


TERMS = ["city", "state", "min_price", "max_price", "bedrooms", "ordering", "limit", "cursor", "x"]


@quickly
@given(query=st.dictionaries(st.sampled_from(TERMS) | sharp_text, sharp_text, max_size=4))
def test_any_query(callers: Callers, query: dict[str, str]) -> None:
    for path in ("listings", "offers", "me"):
        is_answered(callers.manager.get(path, encodable(query)))


HEADERS = ["If-Match", "If-None-Match", "Idempotency-Key", "Accept", "Content-Type", "Origin"]
HEADERS += ["X-Request-ID", "Traceparent", "API-Version", "Content-Length", "Authorization"]
HEADERS += ["X-API-Key", "X-Forwarded-For", "Forwarded", "Host", "Cookie", "Referer"]
header_text = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40)


@quickly
@given(headers=st.dictionaries(st.sampled_from(HEADERS), header_text, max_size=4))
def test_any_headers(callers: Callers, headers: dict[str, str]) -> None:
    client = Client(raise_request_exception=False, REMOTE_ADDR="10.0.0.1")
    for method, path in (("GET", "listings"), ("POST", "offers"), ("PATCH", "buyer-profile")):
        sent = {"X-API-Key": callers.buyer.headers["Authorization"][7:]} | headers
        is_answered(client.generic(method, f"/api/v2/{path}", b"{}", headers=sent))


@quickly
@given(path=st.text(max_size=40), method=st.sampled_from(["GET", "POST", "DELETE", "OPTIONS"]))
def test_any_path(callers: Callers, path: str, method: str) -> None:
    path = encodable(path).replace("?", "").replace("#", "")
    is_answered(callers.manager.send(method, f"/api/v2/{path}"))


@quickly
@given(body=st.binary(max_size=300))
def test_any_bytes(callers: Callers, body: bytes) -> None:
    for path in ("listings", "api-keys", "buyer-profile/reveal"):
        is_answered(callers.manager.send("POST", path, body, content_type="application/json"))
