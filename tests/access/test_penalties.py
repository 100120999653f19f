"""Penalties through the front door: begun, heeded, seen and lifted, each with its row."""

import re
from itertools import islice

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.access.operation import Limit
from apps.accounts.models import User
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.ratelimits.limiter import Subject, penalize, reset_stores
from tests import world
from tests.api import Api, assert_problem
from tests.people import comes_in

pytestmark = pytest.mark.django_db

HERE = "127.0.0.1"
ENOUGH = 101


@pytest.fixture(autouse=True)
def long_penalties(settings):
    """As long as in production, so that none ends while a test looks."""
    settings.PENALTY_SECONDS = (60, 300, 1_800, 86_400)
    settings.PENALTY_MEMORY_SECONDS = 86_400


def rows(verb: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb=verb).order_by("at"))


def test_whoever_guesses_keys_for_long_is_penalized_and_good_keys_of_the_place_are_not() -> None:
    penalize(Subject(HERE, ENOUGH - 3))
    guesser, honest = Api("made-up-token"), Api(world.key(world.person()))

    codes = [guesser.get("me").json()["code"] for _ in range(4)]

    assert codes == ["credentials_invalid"] * 2 + ["penalized"] * 2
    refused = guesser.get("me")
    assert_problem(refused, 429, "penalized")
    assert 55 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit"] == f'"strikes";r=0;t={refused["Retry-After"]}'
    assert_problem(Api().get("listings"), 429, "penalized")
    assert honest.get("me").status_code == 200
    (begun,) = rows("penalty.begun")
    assert (begun.actor, begun.outcome, begun.changes) == ("anonymous", "refused", {"seconds": 60})
    assert begun.address == HERE


def test_a_key_that_ignores_its_limit_is_penalized_and_its_owners_other_key_is_not() -> None:
    user = world.person()
    row, text = world.key_row(user)
    other = Api(world.key(user))
    api = Api(text)
    penalize(Subject(f"api_key:{row.pk}", ENOUGH - 2))
    # Its limit gives way a little with time, so asked until it has refused once, and once more.
    answers = (api.get("me") for _ in range(2_000))
    refusals = list(islice((answer for answer in answers if answer.status_code == 429), 2))

    assert [answer.json()["code"] for answer in refusals] == ["rate_limited", "penalized"]
    assert other.get("me").status_code == 200
    assert Api().get("listings").status_code == 200


def test_a_penalty_closes_the_login_of_its_address_and_no_page() -> None:
    penalize(Subject(HERE, ENOUGH))
    client = Client()

    assert client.get("/docs/").status_code == 200
    assert client.get("/accounts/login/").status_code == 200
    form = {"login": "a@example.com", "password": "wrong"}
    refused = client.post("/accounts/login/", form)
    assert_problem(refused, 429, "penalized")
    assert int(refused["Retry-After"]) > 50


def test_wrong_passwords_on_many_accounts_lead_to_a_penalty() -> None:
    client = Client()
    codes = []
    for number in range(45):
        form = {"login": f"{number}@example.com", "password": "wrong"}
        answer = client.post("/accounts/login/", form)
        codes.append(answer.json()["code"] if answer.status_code == 429 else answer.status_code)

    assert codes[:30] == [200] * 30
    assert codes[30] == "rate_limited"
    assert codes[-1] == "penalized"
    assert len(rows("penalty.begun")) == 1


def admin_client() -> tuple[User, Client]:
    admin = User.objects.create_superuser("root@example.com", "a long pass phrase")
    return admin, comes_in(Client(), admin)


def test_a_platform_admin_sees_a_penalty_and_lifts_it() -> None:
    penalize(Subject("198.51.100.7", ENOUGH))
    penalize(Subject(HERE, ENOUGH))
    admin, client = admin_client()
    page = client.get("/admin/penalties/").content.decode()
    assert re.findall(r'value="([\d.]+)"', page) in (["198.51.100.7", HERE], [HERE, "198.51.100.7"])
    assert "/admin/penalties/" in client.get("/admin/").content.decode()

    answer = client.post("/admin/penalties/", {"subject": HERE}, follow=True)

    assert f"{HERE} may go on." in answer.content.decode()
    assert Api().get("listings").status_code == 200
    (lifted,) = rows("limits.reset")
    assert (lifted.actor, lifted.changes) == (f"user:{admin.pk}", {"subject": HERE})


@pytest.mark.parametrize("subject", ["", "nonsense", "api_key:" + "a" * 99, "<script>"])
def test_what_is_no_subject_is_lifted_for_nobody(subject: str) -> None:
    _, client = admin_client()
    answer = client.post("/admin/penalties/", {"subject": subject}, follow=True)

    assert "neither a credential" in answer.content.decode()
    assert rows("limits.reset") == []


def test_nobody_else_sees_or_lifts_penalties() -> None:
    penalize(Subject("198.51.100.7", ENOUGH))
    manager = world.person(Role.MANAGER, is_staff=True)
    client = Client()
    assert client.post("/admin/penalties/", {"subject": "198.51.100.7"}).status_code == 302
    comes_in(client, manager)

    assert client.get("/admin/penalties/").status_code == 403
    assert client.post("/admin/penalties/", {"subject": "198.51.100.7"}).status_code == 403
    assert rows("limits.reset") == []


def test_a_form_without_its_token_lifts_nothing() -> None:
    admin, _ = admin_client()
    client = Client(enforce_csrf_checks=True)
    comes_in(client, admin)

    assert client.post("/admin/penalties/", {"subject": HERE}).status_code == 403
    assert rows("limits.reset") == []


def test_the_command_shows_every_policy_and_says_where_penalties_are_without_redis(
    capsys, settings
) -> None:
    settings.REDIS_URL = None
    with pytest.raises(CommandError, match="/admin/penalties/"):
        call_command("limits", "show")
    said = capsys.readouterr().out
    assert "login-account" in said and "sliding window" in said
    with pytest.raises(CommandError, match="neither a credential"):
        call_command("limits", "reset", "nonsense")


def test_the_command_shows_and_resets_what_redis_holds(capsys, settings) -> None:
    if not settings.REDIS_URL:
        pytest.skip("TEST_REDIS_URL is not set: the shared store is not tested")
    penalize(Subject("2001:db8:1:2::/64", ENOUGH))
    call_command("limits", "show")
    assert "2001:db8:1:2::/64  penalized for 60 s more" in capsys.readouterr().out

    call_command("limits", "reset", "2001:db8:1:2::9")
    call_command("limits", "reset", "2001:db8:1:2::9")
    call_command("limits", "show")

    said = capsys.readouterr().out
    assert "/64: reset.\n" in said and "nothing was counted" in said
    assert "Nobody is penalized." in said
    assert {row.actor for row in rows("limits.reset")} == {"command"}


def test_a_costly_request_counts_as_several() -> None:
    api = Api(world.key(world.person()))
    before = int(api.get("me")["X-RateLimit-Remaining"])
    made = api.post("api-keys", {"name": "another", "scopes": ["read"]})
    after = int(made["X-RateLimit-Remaining"])
    assert before - after in (4, 5)  # a unit may have come back between


def test_only_members_of_the_closed_set_name_limits() -> None:
    assert set(Limit) == {
        "default",
        "search",
        "offers",
        "leak-report",
        "buyer-lookup",
        "export",
        "reveal",
    }


def test_what_could_not_be_lifted_is_not_recorded_as_lifted(settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"
    _, client = admin_client()
    reset_stores()

    assert_problem(client.post("/admin/penalties/", {"subject": HERE}), 503, "unavailable")
    assert_problem(client.get("/admin/penalties/"), 503, "unavailable")
    with pytest.raises(CommandError, match="Redis does not answer"):
        call_command("limits", "reset", HERE)
    assert rows("limits.reset") == []
