"""Rotation: the successor is what the key was, and nobody climbs by it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.access.credential import COMMAND_LINE, Credential, Kind, Tier
from apps.access.scopes import Scope
from apps.apikeys.authentication import resolve
from apps.apikeys.lifecycle import revoke
from apps.apikeys.models import ApiKey
from apps.apikeys.rotation import DEFAULT_OVERLAP, MAX_OVERLAP, rotate
from apps.audit.models import AuditEntry
from apps.core.problems import Problem
from tests import world

pytestmark = pytest.mark.django_db

HOME = "198.51.100.7"
NONE = timedelta(0)


def now() -> datetime:
    return datetime.now(UTC)


def refusal(act: Callable[[], object]) -> str:
    before = ApiKey.objects.count()
    with pytest.raises(Problem) as refused:
        act()
    assert ApiKey.objects.count() == before
    return refused.value.code


def caller(*scopes: str, **fields: object) -> Credential:
    """A key's credential; `fields` are the key's."""
    _, text = world.key_row(world.person(), *scopes, **fields)
    return resolve(text, HOME)


def sibling(of: Credential, *scopes: str, **fields: object) -> ApiKey:
    return world.key_row(ApiKey.objects.get(pk=of.id).user, *scopes, **fields)[0]


def test_the_successor_inherits_all_but_the_secret() -> None:
    end = now() + timedelta(days=30)
    networks = ["198.51.100.0/24", "2001:db8::/32"]
    old, text = world.key_row(
        world.person(), "read", "write:offers", networks=networks, tier=Tier.PARTNER, expires_at=end
    )
    new, new_text = rotate(COMMAND_LINE, old)

    for name in ("user_id", "name", "scopes", "networks", "tier", "mode"):
        assert getattr(new, name) == getattr(old, name), name
    lives = new.expires_at - new.created_at
    assert abs(lives - (old.expires_at - old.created_at)) < timedelta(seconds=5)
    assert new_text != text
    assert (new.digest, new.public_id) != (old.digest, old.public_id)
    assert new.succeeds_id == old.pk


def test_both_work_for_the_overlap_and_then_the_old_one_does_not() -> None:
    old, text = world.key_row(world.person())
    _, new_text = rotate(COMMAND_LINE, old)

    assert resolve(text, HOME) and resolve(new_text, HOME)
    ends = ApiKey.objects.get(pk=old.pk).revoked_at
    assert abs(ends - now() - DEFAULT_OVERLAP) < timedelta(seconds=30)

    ApiKey.objects.filter(pk=old.pk).update(revoked_at=now())
    assert refusal(lambda: resolve(text, HOME)) == "credentials_invalid"
    assert resolve(new_text, HOME)


@pytest.mark.parametrize("how", [{"compromised": True}, {"overlap": NONE}], ids=str)
def test_a_compromised_key_or_one_without_overlap_ends_at_once(how: dict) -> None:
    old, text = world.key_row(world.person())
    _, new_text = rotate(COMMAND_LINE, old, **how)

    assert refusal(lambda: resolve(text, HOME)) == "credentials_invalid"
    assert resolve(new_text, HOME)


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), MAX_OVERLAP + timedelta(seconds=1)])
def test_an_overlap_is_a_day_at_most(overlap: timedelta) -> None:
    old = world.key_row(world.person())[0]

    assert refusal(lambda: rotate(COMMAND_LINE, old, overlap=overlap)) == "validation_failed"
    assert rotate(COMMAND_LINE, old, overlap=MAX_OVERLAP)


def test_a_key_is_rotated_once() -> None:
    old = world.key_row(world.person())[0]
    rotate(COMMAND_LINE, old)

    assert refusal(lambda: rotate(COMMAND_LINE, old)) == "conflict"
    assert refusal(lambda: rotate(COMMAND_LINE, old, compromised=True)) == "conflict"


def test_the_database_refuses_a_second_successor() -> None:
    old = world.key_row(world.person())[0]
    rotate(COMMAND_LINE, old)
    other = world.key_row(world.person())[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.filter(pk=other.pk).update(succeeds=old)


def test_an_ended_key_is_not_rotated() -> None:
    revoked, expired = (world.key_row(world.person())[0] for _ in range(2))
    revoke(COMMAND_LINE, revoked)
    world.expired(expired)

    assert refusal(lambda: rotate(COMMAND_LINE, revoked)) == "conflict"
    assert refusal(lambda: rotate(COMMAND_LINE, expired)) == "conflict"


def test_a_rotated_key_can_still_be_ended_at_once_and_its_successor_lives() -> None:
    old, text = world.key_row(world.person())
    _, new_text = rotate(COMMAND_LINE, old)

    assert revoke(COMMAND_LINE, old)
    assert refusal(lambda: resolve(text, HOME)) == "credentials_invalid"
    assert resolve(new_text, HOME)


def test_a_key_rotates_itself_and_others_no_wider_than_itself() -> None:
    me = caller("write", "admin:keys", networks=["198.51.100.0/24"])
    inside = sibling(me, "read:offers", networks=["198.51.100.7/32"])

    assert rotate(me, inside)
    assert rotate(me, ApiKey.objects.get(pk=me.id))


@pytest.mark.parametrize(
    ("scopes", "fields"),
    [
        (["admin"], {}),
        (["read"], {}),
        (["write:offers"], {}),
        (["read:offers", "admin:webhooks"], {}),
        (["read:offers"], {"networks": ["198.51.0.0/16"]}),
        (["read:offers"], {"networks": []}),
        (["read:offers"], {"networks": ["2001:db8::/32"]}),
        (["read:offers"], {"tier": Tier.INTERNAL}),
    ],
    ids=str,
)
def test_a_key_does_not_take_over_a_wider_one(scopes: list[str], fields: dict) -> None:
    me = caller("read:offers", "admin:keys", networks=["198.51.100.0/24"])
    wider = sibling(me, *scopes, **{"networks": ["198.51.100.0/24"], **fields})

    assert refusal(lambda: rotate(me, wider)) == "not_permitted"
    assert ApiKey.objects.get(pk=wider.pk).revoked_at is None


def test_a_key_that_ended_while_its_request_ran_rotates_nothing() -> None:
    me = caller("admin")
    other = sibling(me, "read")
    revoke(COMMAND_LINE, ApiKey.objects.get(pk=me.id))

    assert refusal(lambda: rotate(me, other)) == "credentials_invalid"
    assert refusal(lambda: rotate(me, ApiKey.objects.get(pk=me.id))) == "conflict"


def test_a_person_rotates_an_admin_key_only_with_a_fresh_second_factor() -> None:
    row = world.key_row(world.person(), "admin:keys")[0]
    person = Credential(
        kind=Kind.TOKEN,
        id="17",
        user_id=row.user_id,
        scopes=frozenset({Scope.ADMIN}),
        methods=("password", "totp"),
        authenticated_at=now() - timedelta(minutes=11),
    )

    assert refusal(lambda: rotate(person, row)) == "second_factor_required"
    assert rotate(replace(person, authenticated_at=now()), row)


def test_a_narrowed_key_has_a_narrow_successor() -> None:
    stale = world.key_row(world.person(), "write")[0]
    ApiKey.objects.filter(pk=stale.pk).update(scopes=["read:offers"])

    assert rotate(COMMAND_LINE, stale)[0].scopes == ["read:offers"]


def test_a_key_that_went_with_its_owner_is_not_there() -> None:
    row = world.key_row(world.person())[0]
    row.user.delete()

    with pytest.raises(Problem) as refused:
        rotate(COMMAND_LINE, row)
    assert refused.value.code == "not_found"


def test_it_is_recorded_on_the_old_key_and_names_the_new_one() -> None:
    old = world.key_row(world.person())[0]
    new, text = rotate(COMMAND_LINE, old, compromised=True)

    entry = AuditEntry.objects.get(verb="api_key.rotated")
    assert entry.object_id == str(old.pk)
    assert entry.changes == {"successor": str(new.pk), "compromised": True}
    assert text[21:] not in str(entry.__dict__)
