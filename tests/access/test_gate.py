"""The gate: who is charged for what, and what comes before the limit."""

from collections.abc import Iterator

import pytest

from apps.access.credential import Kind, Tier
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.ratelimits import limiter, policies
from apps.ratelimits.limiter import Subject, Verdict
from apps.ratelimits.policies import Policy
from tests import world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Policy]]:
    """Limits of a few requests, on the same code."""
    small = {
        policy.name: Policy(policy.name, quota=policy.quota, window=86_400, burst=burst)
        for policy in policies.POLICIES.values()
        for burst in [{"free": 4, "search": 2, "anonymous": 3, "address": 6}.get(policy.name, 5)]
    }
    for module in ("apps.access.charges", "apps.access.page_limits"):
        monkeypatch.setattr(f"{module}.POLICIES", small)
    limiter.reset_stores()
    yield small


def statuses(api: Api, path: str, times: int, **headers: str) -> list[int]:
    return [api.get(path, **headers).status_code for _ in range(times)]


@pytest.mark.usefixtures("tiny")
def test_an_address_without_a_credential_is_limited_and_search_is_tighter() -> None:
    assert statuses(Api(), "listings", 3) == [200, 200, 429]
    # The refused search took nothing: one request of the address's three is left.
    assert statuses(Api(), "nowhere", 2) == [404, 429]


@pytest.mark.usefixtures("tiny")
def test_a_key_is_limited_by_itself_and_not_by_its_neighbours() -> None:
    one, other = Api(world.key(world.person())), Api(world.key(world.person()))

    assert statuses(one, "me", 5) == [200, 200, 200, 200, 429]
    assert statuses(other, "me", 1) == [200]


@pytest.mark.usefixtures("tiny")
def test_keys_of_one_address_share_its_ceiling() -> None:
    keys = [Api(world.key(world.person())) for _ in range(3)]

    assert [api.get("me").status_code for api in keys * 3] == [200] * 6 + [429] * 3


@pytest.mark.usefixtures("tiny")
def test_two_keys_of_one_user_have_two_allowances_under_one_ceiling() -> None:
    user = world.person()
    one, other = Api(world.key(user)), Api(world.key(user))

    assert statuses(one, "me", 5) == [200, 200, 200, 200, 429]
    assert statuses(other, "me", 3) == [200, 200, 429]


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("path", ["listings", "me", "nowhere", "api-keys"])
def test_guessing_keys_is_limited_like_asking(path: str) -> None:
    found = [Api(f"made-up-token-{attempt}").get(path).status_code for attempt in range(4)]

    refused = 404 if path == "nowhere" else 401
    limit = 2 if path == "listings" else 3
    assert found == [refused] * limit + [429] * (4 - limit)


@pytest.mark.usefixtures("tiny")
def test_a_missing_credential_is_limited_too() -> None:
    assert statuses(Api(), "me", 4) == [401, 401, 401, 429]


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize(
    "headers",
    [{"x_api_key": ","}, {"authorization": "Basic eA=="}],
    ids=["malformed key", "other scheme"],
)
def test_a_malformed_credential_is_limited_too(headers: dict[str, str]) -> None:
    assert statuses(Api(), "me", 4, **headers) == [400, 400, 400, 429]


@pytest.mark.usefixtures("tiny")
def test_preflights_and_options_are_limited_too() -> None:
    preflight = {"origin": "https://app.example.com", "access_control_request_method": "GET"}
    found = [Api().send("OPTIONS", "listings", **preflight).status_code for _ in range(4)]

    assert found == [200, 200, 200, 429]
    assert Api().send("OPTIONS", "listings").status_code == 429


@pytest.mark.usefixtures("tiny")
def test_limited_requests_change_nothing_and_are_one_audit_row_a_caller() -> None:
    manager = world.person(Role.MANAGER)
    row, text = world.key_row(manager)
    api = Api(text)
    statuses(api, "me", 4)

    response = api.post("listings", world.NEW_LISTING)

    assert_problem(response, 429, "rate_limited")
    assert statuses(Api(), "me", 4)[-1] == 429
    statuses(Api("made-up-token"), "me", 3)
    limited = AuditEntry.objects.filter(verb="limit.reached").order_by("at")
    assert list(limited.values_list("actor", "credential", "outcome", "reason")) == [
        (f"user:{manager.pk}", f"api_key:{row.pk}", "refused", "free"),
        ("anonymous", "anonymous", "refused", "anonymous"),
    ]
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {
        "api_key.created",
        "limit.reached",
    }


@pytest.mark.usefixtures("tiny")
def test_the_limit_comes_before_the_method_and_the_scope() -> None:
    api = Api(world.key(world.person(), "read:listings"))
    assert [api.delete("me/activity").status_code for _ in range(4)] == [405] * 4

    assert_problem(api.delete("me"), 429, "rate_limited")
    assert_problem(api.get("offers"), 429, "rate_limited")


@pytest.mark.parametrize("tier", Tier)
def test_a_tier_has_the_policy_of_its_name(tier: Tier) -> None:
    api = Api(world.key(world.person(), tier=tier))

    response = api.get("me")

    quota = policies.POLICIES[tier].quota
    assert f'"{tier}";q={quota};w=60' in response["RateLimit-Policy"]
    assert f'"address";q={policies.POLICIES["address"].quota}' in response["RateLimit-Policy"]


def test_the_limits_are_those_of_the_contract() -> None:
    table = {p.name: (p.quota, p.window, p.burst) for p in policies.POLICIES.values()}

    assert table["anonymous"] == (120, 60, 60)
    assert table["search"] == (30, 60, 30)
    assert table["free"] == (600, 60, 120)
    assert table["partner"][:2] == (3_000, 60)
    assert table["internal"][:2] == (12_000, 60)
    assert table["address"][:2] == (3_000, 60)


def test_a_bucket_is_named_by_the_row_of_the_key_and_never_by_its_text() -> None:
    row, text = world.key_row(world.person())
    seen: list[str] = []
    real = limiter.charge

    def watched(charges: list, subject: Subject) -> Verdict:
        seen.extend([*(charge.bucket for charge in charges), subject.key])
        return real(charges, subject)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("apps.access.gate.charge", watched)
        Api(text).get("me")

    assert seen == [
        f"free:{Kind.API_KEY}:{row.pk}",
        "address:127.0.0.1",
        f"{Kind.API_KEY}:{row.pk}",
    ]


@pytest.mark.usefixtures("tiny")
def test_pages_and_probes_have_limits_of_their_own() -> None:
    client = Api().client

    assert [client.get("/healthz").status_code for _ in range(6)] == [200] * 5 + [429]
    assert [client.get("/nowhere").status_code for _ in range(6)] == [404] * 5 + [429]
    assert_problem(client.get("/nowhere"), 429, "rate_limited")
    assert int(client.get("/nowhere")["Retry-After"]) >= 1
