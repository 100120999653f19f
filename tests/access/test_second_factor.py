"""Step-up (RFC 9470): what needs a second factor asks how young it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from apps.access.credential import COMMAND_LINE, Credential, Kind
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from tests import tokens, world
from tests.api import Api, assert_problem

NOW = datetime(2026, 11, 22, tzinfo=UTC)
STRONG = Credential(
    kind=Kind.TOKEN, authenticated_at=NOW - timedelta(minutes=1), methods=("password", "totp")
)


@pytest.mark.parametrize("method", ["totp", "webauthn", "recovery_codes"])
@pytest.mark.parametrize("kind", [Kind.TOKEN, Kind.SESSION])
def test_a_factor_of_this_moment_is_fresh(kind: Kind, method: str):
    assert replace(STRONG, kind=kind, methods=(method,)).has_fresh_second_factor(NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"authenticated_at": NOW - timedelta(minutes=10)},
        {"authenticated_at": NOW + timedelta(seconds=1)},
        {"authenticated_at": None},
        {"methods": ("password",)},
        {"methods": ()},
        {"methods": ("key",)},
        {"kind": Kind.API_KEY},
        {"kind": Kind.ANONYMOUS},
    ],
)
def test_anything_else_is_not(changes: dict):
    assert not replace(STRONG, **changes).has_fresh_second_factor(NOW)
    assert not COMMAND_LINE.has_fresh_second_factor(NOW)


@pytest.mark.django_db
def test_a_token_is_challenged_with_what_to_do():
    admin, someone = world.person(Role.PLATFORM_ADMIN), world.person()
    weak = tokens.token(admin, "admin:users", methods=("password",))
    response = Api(weak).patch(f"users/{someone.pk}", {"active": False})

    assert_problem(response, 401, "second_factor_required")
    challenge = response["WWW-Authenticate"]
    assert challenge.startswith(
        'Bearer realm="gatehouse", error="insufficient_user_authentication"'
    )
    assert 'acr_values="mfa"' in challenge and "max_age=600" in challenge
    assert AuditEntry.objects.latest("at").verb == "access.refused"


@pytest.mark.django_db
def test_a_key_is_refused_without_a_challenge_that_it_could_not_meet():
    admin, someone = world.person(Role.PLATFORM_ADMIN), world.person()
    response = Api(world.key(admin)).patch(f"users/{someone.pk}", {"active": False})

    assert_problem(response, 403, "second_factor_required")
    assert "WWW-Authenticate" not in response


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 401)])
def test_ten_minutes_are_the_line(minutes: float, status: int):
    admin, someone = world.person(Role.PLATFORM_ADMIN), world.person()
    token = tokens.token(admin, "admin:users", minutes=minutes)

    response = Api(token).patch(f"users/{someone.pk}", {"active": False})
    assert response.status_code == status


@pytest.mark.django_db
def test_who_may_not_at_all_is_not_asked_for_a_factor():
    manager = world.person(Role.MANAGER)
    token = tokens.token(manager, "admin:users", methods=("password",))

    response = Api(token).patch(f"users/{manager.pk}", {"active": False})
    assert_problem(response, 403, "not_permitted")
