"""A key is renamed and narrowed, and never widened, by nobody."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.access.credential import COMMAND_LINE
from apps.access.scopes import Scope
from apps.apikeys.lifecycle import revoke
from apps.apikeys.models import ApiKey
from apps.apikeys.narrowing import edit
from apps.audit.models import AuditEntry
from apps.core.problems import Problem
from tests import world

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def key(**fields: object) -> ApiKey:
    return world.key_row(world.person(), "write", "read:keys", **fields)[0]


def refusal(row: ApiKey, **changes: object) -> str:
    before = ApiKey.objects.values().get(pk=row.pk)
    with pytest.raises(Problem) as refused:
        edit(COMMAND_LINE, row, changes)
    assert ApiKey.objects.values().get(pk=row.pk) == before
    return refused.value.code


def scopes(*texts: str) -> list[Scope]:
    return [Scope(text) for text in texts]


def test_a_key_is_renamed_and_narrowed_in_one_go() -> None:
    row = key()
    end = datetime.now(UTC) + DAY
    edit(
        COMMAND_LINE,
        row,
        {
            "name": "nightly",
            "scopes": scopes("write:offers", "read"),
            "networks": ["10.0.0.0/8"],
            "expires_at": end,
        },
    )

    now = ApiKey.objects.get(pk=row.pk)
    assert (now.name, now.scopes, now.networks, now.expires_at) == (
        "nightly",
        ["read", "write:offers"],
        ["10.0.0.0/8"],
        end,
    )
    entry = AuditEntry.objects.get(verb="api_key.changed")
    assert entry.changes == {"fields": ["expires_at", "name", "networks", "scopes"]}


@pytest.mark.parametrize("wider", [["admin"], ["write", "admin:keys"], ["read", "admin:offers"]])
def test_it_gets_no_more_scopes(wider: list[str]) -> None:
    assert refusal(key(), scopes=scopes(*wider)) == "not_permitted"


@pytest.mark.parametrize(
    "wider",
    [[], ["0.0.0.0/0"], ["10.0.0.0/7"], ["10.0.0.0/8", "192.0.2.0/24"], ["::/0"], ["fd00::/8"]],
    ids=str,
)
def test_it_gets_no_wider_networks(wider: list[str]) -> None:
    assert refusal(key(networks=["10.0.0.0/8"]), networks=wider) == "not_permitted"


def test_it_gets_no_longer_life_and_is_not_ended_this_way() -> None:
    row = key()

    assert refusal(row, expires_at=row.expires_at + timedelta(seconds=1)) == "not_permitted"
    assert refusal(row, expires_at=datetime.now(UTC) - DAY) == "validation_failed"


def test_two_changes_that_are_each_narrower_are_never_wider_together() -> None:
    """Whoever read the key before the first change is held to what it is now."""
    first, second = key(), ApiKey.objects.get()
    edit(COMMAND_LINE, first, {"scopes": scopes("read")})

    assert refusal(second, scopes=scopes("write:offers")) == "not_permitted"


def test_an_ended_key_is_not_changed() -> None:
    revoked, expired = key(), key()
    revoke(COMMAND_LINE, revoked)
    world.expired(expired)

    assert refusal(revoked, name="new") == "conflict"
    assert refusal(expired, name="new") == "conflict"


def test_what_changes_nothing_leaves_no_trace() -> None:
    row = key(networks=["10.0.0.0/8"])
    edit(COMMAND_LINE, row, {"name": row.name, "scopes": scopes("read:keys", "write")})
    edit(COMMAND_LINE, row, {})

    assert not AuditEntry.objects.filter(verb="api_key.changed").exists()


def test_a_key_that_went_with_its_owner_is_not_there() -> None:
    row = key()
    row.user.delete()

    with pytest.raises(Problem) as refused:
        edit(COMMAND_LINE, row, {"name": "new"})
    assert refused.value.code == "not_found"
