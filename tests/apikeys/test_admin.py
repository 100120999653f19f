"""Keys in the admin: a text is shown to its owner, once; others' keys are only ever cut back."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.apikeys.models import ApiKey, Notice
from apps.audit.models import AuditEntry
from tests import world
from tests.api import Api, assert_problem
from tests.people import comes_in, with_totp

pytestmark = pytest.mark.django_db

LIST = "/admin/apikeys/apikey/"
KEY = re.compile(r"gh_test_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}")


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root@example.com", "a long pass phrase")


@pytest.fixture
def client(root: User) -> Client:
    """They proved their second factor just now."""
    return comes_in(Client(raise_request_exception=False), root)


@pytest.fixture
def left_open(root: User) -> Client:
    """A browser in which they proved it a while ago."""
    return comes_in(Client(raise_request_exception=False), root, minutes=11)


def send(client: Client, path: str, **form: Any) -> str:
    """The page after the form; it must not be a form with errors."""
    answer = client.post(LIST + path, form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, action: str, *keys: ApiKey) -> str:
    return send(client, "", action=action, _selected_action=[str(key.pk) for key in keys])


def new(client: Client, *scopes: str, **more: Any) -> str:
    form = {"name": "mine", "scopes": scopes or ["read"], "networks": "", "days": "30"}
    return send(client, "add/", **(form | more))


def test_an_admin_makes_a_key_of_their_own_and_sees_it_once(client: Client, root: User) -> None:
    page = new(client, "read", "write:offers", networks="127.0.0.0/8\n2001:db8::/32")

    (text,) = KEY.findall(page)
    assert text not in str(client.cookies)
    assert Api(text).get("me").json()["email"] == root.email
    row = ApiKey.objects.get()
    assert (row.scopes, row.networks) == (
        ["read", "write:offers"],
        ["127.0.0.0/8", "2001:db8::/32"],
    )
    assert text not in client.get(f"{LIST}{row.pk}/change/").content.decode()
    assert AuditEntry.objects.get(verb="api_key.created").actor == f"user:{root.pk}"


def test_no_key_is_made_in_a_browser_that_was_left_open(left_open: Client) -> None:
    with_totp(User.objects.get())
    answer = left_open.post(f"{LIST}add/", {"name": "n", "scopes": ["read"]})

    assert answer["Location"].startswith("/accounts/second-factors/reauthenticate/?next=")
    assert not ApiKey.objects.exists()


def test_a_key_with_an_admin_scope_is_made_right_after_a_second_factor(client: Client) -> None:
    new(client, "admin:keys")

    assert ApiKey.objects.get().scopes == ["admin:keys"]


@pytest.mark.parametrize(
    "bad",
    [{"days": "181"}, {"days": "0"}, {"networks": "10.0.0.1/8"}, {"scopes": ["root"]}],
    ids=str,
)
def test_a_form_that_cannot_be_makes_no_key(client: Client, bad: dict) -> None:
    new(client, **bad)

    assert not ApiKey.objects.exists()


def test_the_key_of_somebody_else_is_renamed_and_narrowed(client: Client) -> None:
    row, _ = world.key_row(world.person(), "write")
    send(client, f"{row.pk}/change/", name="nightly", scopes=["read"], networks="10.0.0.0/8")

    row.refresh_from_db()
    assert (row.name, row.scopes, row.networks) == ("nightly", ["read"], ["10.0.0.0/8"])


@pytest.mark.parametrize(
    "wider", [{"scopes": ["admin"], "networks": "10.0.0.0/8"}, {"scopes": ["read"], "networks": ""}]
)
def test_it_is_not_widened(client: Client, wider: dict) -> None:
    row, _ = world.key_row(world.person(), "read", networks=["10.0.0.0/8"])
    send(client, f"{row.pk}/change/", name="wide", **wider)

    kept = ApiKey.objects.values_list("name", "scopes", "networks").get()
    assert kept == (row.name, ["read"], ["10.0.0.0/8"])


def test_what_the_domain_refuses_is_said_and_recorded(client: Client) -> None:
    row, _ = world.key_row(world.person(), "read", networks=["10.0.0.0/8"])
    page = send(client, f"{row.pk}/change/", name="wide", scopes=["read"], networks="")

    assert "no wider networks" in page
    assert AuditEntry.objects.get(verb="access.refused").reason == "not_permitted"


def test_keys_are_revoked_and_ended_as_leaked(client: Client) -> None:
    (first, one), (second, other) = (world.key_row(world.person()) for _ in range(2))
    act(client, "revoke_keys", first)
    act(client, "end_as_leaked", second)

    for text in (one, other):
        assert_problem(Api(text).get("me"), 401, "credentials_invalid")
    assert Notice.objects.get().key_id == second.pk
    assert AuditEntry.objects.filter(verb="api_key.leaked", object_id=second.pk).count() == 1


def test_an_admin_rotates_own_keys_and_nobody_elses(client: Client, root: User) -> None:
    (mine, text), (theirs, _) = world.key_row(root, "read"), world.key_row(world.person(), "read")
    page = act(client, "rotate_own", mine, theirs)

    (successor,) = KEY.findall(page)
    assert Api(successor).get("me").status_code == Api(text).get("me").status_code == 200
    assert ApiKey.objects.get(pk=theirs.pk).revoked_at is None
    assert ApiKey.objects.get(pk=mine.pk).revoked_at > datetime.now(UTC)


def test_no_key_is_rotated_in_a_browser_that_was_left_open(left_open: Client, root: User) -> None:
    mine, _ = world.key_row(root, "admin")
    page = act(left_open, "rotate_own", mine)

    assert not KEY.findall(page)
    assert ApiKey.objects.count() == 1


def test_without_the_permission_there_is_nothing_to_do(root: User) -> None:
    clerk = world.person(is_staff=True)
    client = Client(raise_request_exception=False)
    comes_in(client, clerk)

    assert client.post(f"{LIST}add/", {"name": "n", "scopes": ["read"]}).status_code == 403
    assert not ApiKey.objects.exists()
