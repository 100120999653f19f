"""`manage.py apikey`: keys from the command line."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.apikeys.models import ApiKey, Notice
from apps.apikeys.usage import flush
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


@pytest.mark.parametrize("action", ["revoke", "rotate", "leaked", "show", "edit"])
@pytest.mark.parametrize("prefix", ["gh_test_unknown", "", "_", "__", "whole"])
def test_an_unknown_prefix_or_a_whole_key_is_refused(action: str, prefix: str) -> None:
    text = world.key(world.person())
    with pytest.raises(CommandError):
        run(action, text if prefix == "whole" else prefix)
    assert not ApiKey.objects.exclude(revoked_at=None).exists()


def test_create_takes_networks_and_a_tier() -> None:
    create("--name", "n", "--network", "127.0.0.0/8", "2001:db8::/32", "--tier", "partner")

    row = ApiKey.objects.get()
    assert (row.networks, row.tier) == (["127.0.0.0/8", "2001:db8::/32"], "partner")
    with pytest.raises(CommandError):
        run("edit", row.prefix, "--network", "127.0.0.1/8")


def test_edit_renames_and_narrows_and_never_widens() -> None:
    row, _ = world.key_row(world.person(), "write")
    run("edit", row.prefix, "--name", "nightly", "--scope", "read", "--network", "10.0.0.0/8")

    row.refresh_from_db()
    assert (row.name, row.scopes, row.networks) == ("nightly", ["read"], ["10.0.0.0/8"])
    with pytest.raises(CommandError):
        run("edit", row.prefix, "--scope", "write")
    with pytest.raises(CommandError):
        run("edit", row.prefix, "--days", "180")


def test_rotate_prints_the_successor_and_nothing_else() -> None:
    row, text = world.key_row(world.person(), "admin")
    printed = run("rotate", row.prefix)

    for key in (text, printed.removesuffix("\n")):
        assert Api(key).get("me").status_code == 200
    assert len(printed) == 60
    assert "rotated, until" in run("list")


def test_rotate_ends_a_compromised_key_at_once() -> None:
    row, text = world.key_row(world.person())
    with pytest.raises(CommandError):
        run("rotate", row.prefix, "--compromised", "--overlap", "60")
    with pytest.raises(CommandError):
        run("rotate", row.prefix, "--overlap", "86401")
    printed = run("rotate", row.prefix, "--compromised")

    assert_problem(Api(text).get("me"), 401, "credentials_invalid")
    assert Api(printed.removesuffix("\n")).get("me").status_code == 200


def test_leaked_ends_the_key_and_has_its_owner_told() -> None:
    row, text = world.key_row(world.person())
    run("leaked", row.prefix)

    assert_problem(Api(text).get("me"), 401, "credentials_invalid")
    assert Notice.objects.get().kind == "leaked"


def test_show_says_what_a_key_is_used_for() -> None:
    row, text = world.key_row(world.person(), "read:listings", "write:offers")
    Api(text).get("listings")
    flush()
    printed = run("show", row.prefix)

    assert "from 127.0.0.1, GET /api/v2/listings" in printed
    assert "scopes unused   write:offers" in printed
    assert text[21:] not in printed


def aged(row: ApiKey, days: int, used: int | None = None, left: int = 60) -> None:
    now = datetime.now(UTC)
    ApiKey.objects.filter(pk=row.pk).update(
        created_at=now - timedelta(days=days),
        expires_at=now + timedelta(days=left),
        last_used_at=None if used is None else now - timedelta(days=used),
    )


@pytest.mark.parametrize(
    ("days", "used", "left", "words"),
    [
        (95, None, 60, ["never used for 95 days", "95 days old"]),
        (95, 92, 60, ["unused for 92 days", "95 days old"]),
        (95, 1, 60, ["95 days old"]),
        (80, 1, 10, ["ends on"]),
        (20, 1, 60, ["scopes never used: read"]),
        (5, 1, 60, []),
        (89, None, 60, []),
    ],
)
def test_stale_names_keys_and_why(days: int, used: int | None, left: int, words: list) -> None:
    row, _ = world.key_row(world.person(), "read")
    aged(row, days, used, left)
    printed = run("stale")

    assert all(word in printed for word in words)
    assert bool(words) is (row.prefix in printed)


def test_stale_passes_over_what_has_ended() -> None:
    row, _ = world.key_row(world.person())
    aged(row, 95)
    run("revoke", row.prefix)

    assert run("stale") == ""


def test_peppers_say_when_one_can_be_retired(settings: object) -> None:
    world.key(world.person())
    settings.API_KEY_PEPPERS = {**settings.API_KEY_PEPPERS, 2: bytes(range(32))}
    assert "pepper 1: 1 live keys" in run("peppers")
    assert "pepper 2: 0 live keys (nothing rests on it)" in run("peppers")

    settings.API_KEY_PEPPER_ACTIVE = 2
    ApiKey.objects.update(pepper_id=2)
    assert "pepper 1: 0 live keys (nothing rests on it)" in run("peppers")
    assert "(active)" in run("peppers")

    settings.API_KEY_PEPPERS = {1: settings.API_KEY_PEPPERS[1]}
    assert "MISSING" in run("peppers")
