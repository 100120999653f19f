"""`manage.py apikey`: keys from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.apikeys.models import ApiKey
from apps.audit.models import AuditEntry
from tests import world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("apikey", *arguments, stdout=out)
    return out.getvalue()


def create(*more: str) -> str:
    user = world.person(email="Ana@example.com")
    return run("create", "--user", user.email, "--scope", "read", "write:offers", *more)


def test_create_prints_the_key_and_nothing_else() -> None:
    printed = create("--name", "nightly")

    assert Api(printed.removesuffix("\n")).get("me").status_code == 200
    assert len(printed) == 60
    assert ApiKey.objects.get().scopes == ["read", "write:offers"]


def test_create_finds_the_user_in_any_case() -> None:
    world.person(email="ana@example.com")

    assert run("create", "--user", "ANA@example.com", "--scope", "read", "--name", "n")


def test_create_is_audited_as_the_command_line() -> None:
    create("--name", "nightly")

    entry = AuditEntry.objects.get(verb="api_key.created")
    assert (entry.actor, entry.credential) == ("command", "command")


@pytest.mark.parametrize("days", ["0", "-1", "181"])
def test_create_refuses_an_impossible_life(days: str) -> None:
    with pytest.raises(CommandError):
        create("--name", "nightly", "--days", days)
    assert not ApiKey.objects.exists()


def test_create_refuses_an_unknown_user_and_an_unknown_scope() -> None:
    with pytest.raises(CommandError):
        run("create", "--user", "nobody@example.com", "--scope", "read", "--name", "n")
    with pytest.raises(CommandError):
        create("--name", "n", "--scope", "root")


def test_list_shows_prefixes_and_no_secret() -> None:
    row, text = world.key_row(world.person())
    printed = run("list")

    assert row.prefix in printed
    assert text[21:] not in printed


def test_list_of_one_user_shows_no_other() -> None:
    mine, other = world.person(), world.person()
    world.key(mine)
    world.key(other)
    prefix = ApiKey.objects.get(user=other).prefix

    assert prefix in run("list")
    assert prefix not in run("list", "--user", mine.email)


def test_revoke_ends_the_key_by_its_prefix() -> None:
    row, text = world.key_row(world.person())
    run("revoke", row.prefix)

    assert_problem(Api(text).get("me"), 401, "credentials_invalid")


@pytest.mark.parametrize("prefix", ["gh_test_unknown", "", "_"])
def test_revoke_refuses_an_unknown_prefix(prefix: str) -> None:
    world.key(world.person())
    with pytest.raises(CommandError):
        run("revoke", prefix)
    assert not ApiKey.objects.exclude(revoked_at=None).exists()
