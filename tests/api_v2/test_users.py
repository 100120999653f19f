"""Users and roles: what an admin sees and changes, and that it acts on the next request."""

import pytest

from apps.accounts.models import User
from apps.agencies.models import Membership
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from tests import tokens, world
from tests.api import Api, assert_problem
from tests.people import is_signed_in, sign_in, verified

pytestmark = pytest.mark.django_db

SHOWN = {"id", "email", "role", "agency", "active", "created_at", "last_login_at"}


@pytest.fixture
def root() -> User:
    return world.person(Role.PLATFORM_ADMIN)


@pytest.fixture
def admin(root: User) -> Api:
    return Api(tokens.token(root, "admin:users"))


def test_everyone_is_listed_newest_first(admin: Api, root: User) -> None:
    people = [root, world.person(), world.person(Role.AGENT)]
    results = admin.get("users").json()["results"]

    assert [row["id"] for row in results] == [str(one.pk) for one in reversed(people)]
    assert all(set(row) == SHOWN for row in results)


def test_the_list_costs_the_same_however_long(admin: Api, django_assert_max_num_queries) -> None:
    for _ in range(12):
        world.person(Role.AGENT)
    with django_assert_max_num_queries(3):
        assert len(admin.get("users", {"limit": 10}).json()["results"]) == 10


def test_one_is_shown_without_a_secret(admin: Api) -> None:
    user = world.person(Role.AGENT, password="a heron over four canals")
    row = admin.get(f"users/{user.pk}").json()

    assert row["role"] == "agent" and row["agency"] == str(user.membership.agency_id)
    assert "bcrypt" not in str(row)


def test_a_new_role_acts_on_the_next_request(admin: Api) -> None:
    agency = world.agency()
    user = world.person()
    theirs = Api(world.key(user))
    assert_problem(theirs.post("listings", world.NEW_LISTING), 403, "not_permitted")

    response = admin.patch(f"users/{user.pk}", {"role": "agent", "agency": str(agency.pk)})
    assert (response.json()["role"], response.json()["agency"]) == ("agent", str(agency.pk))
    assert theirs.post("listings", world.NEW_LISTING).status_code == 201

    assert admin.patch(f"users/{user.pk}", {"role": "auditor"}).status_code == 200
    assert_problem(theirs.post("listings", world.NEW_LISTING), 403, "not_permitted")


def test_who_is_switched_off_is_out_everywhere_at_once(admin: Api) -> None:
    user = verified()
    browser, theirs = sign_in(user), Api(world.key(user))
    assert is_signed_in(browser) and theirs.get("me").status_code == 200
    admin.patch(f"users/{user.pk}", {"active": False})

    assert not is_signed_in(browser)
    assert assert_problem(theirs.get("me"), 401, "credentials_invalid")["reason"] == "revoked"
    admin.patch(f"users/{user.pk}", {"active": True})
    assert theirs.get("me").status_code == 401
    assert not is_signed_in(browser)


def test_the_admin_site_follows_the_role(admin: Api) -> None:
    user = world.person()
    admin.patch(f"users/{user.pk}", {"role": "platform_admin"})
    assert User.objects.get(pk=user.pk).is_staff
    admin.patch(f"users/{user.pk}", {"role": "buyer"})
    user.refresh_from_db()
    assert not user.is_staff and not user.is_superuser


def test_what_changed_is_recorded_and_nothing_else(admin: Api, root: User) -> None:
    user = world.person()
    admin.patch(f"users/{user.pk}", {"role": "auditor", "active": True})
    admin.patch(f"users/{user.pk}", {"role": "auditor"})

    entry = AuditEntry.objects.get(verb="user.changed")
    assert (entry.actor, entry.object_id) == (f"user:{root.pk}", str(user.pk))
    assert entry.changes == {"role": "auditor"}


@pytest.mark.parametrize("change", [{"role": "buyer"}, {"active": False}, {}])
def test_nobody_changes_themselves(admin: Api, root: User, change: dict) -> None:
    assert_problem(admin.patch(f"users/{root.pk}", change), 403, "not_permitted")
    assert Membership.objects.get(user=root).role == "platform_admin"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"role": "agent"}, "/agency"),
        ({"agency": "00000000-0000-7000-8000-000000000000"}, "/agency"),
        ({"role": "root"}, "/role"),
        ({"role": None}, "/role"),
        ({"active": "no"}, "/active"),
        ({"is_superuser": True}, "/is_superuser"),
        ({"email": "other@example.com"}, "/email"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    admin: Api, change: dict, pointer: str
) -> None:
    user = world.person()
    assert_problem(admin.patch(f"users/{user.pk}", change), 400, "validation_failed", pointer)
    assert not Membership.objects.filter(user=user).exists()


def test_staff_do_not_lose_their_agency(admin: Api) -> None:
    user = world.person(Role.AGENT)
    response = admin.patch(f"users/{user.pk}", {"agency": None})
    assert_problem(response, 400, "validation_failed", "/agency")
    assert admin.patch(f"users/{user.pk}", {"role": "buyer", "agency": None}).status_code == 200
