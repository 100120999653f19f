"""From a key's text to a credential, and every way not to get there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.access.challenges import CredentialRefused, Reason
from apps.access.credential import COMMAND_LINE
from apps.agencies.models import Membership
from apps.agencies.roles import Role
from apps.apikeys import lifecycle
from apps.apikeys.authentication import resolve
from apps.apikeys.key_format import ALPHABET, checksum, generate
from apps.apikeys.models import ApiKey
from tests import world
from tests.api import Api

pytestmark = pytest.mark.django_db

HOME = "198.51.100.7"


def refusal(text: str, address: str = HOME) -> Reason:
    with pytest.raises(CredentialRefused) as refused:
        resolve(text, address)
    return refused.value.reason


def with_another_secret(text: str) -> str:
    """The same public id, a valid checksum, and one character of the secret changed."""
    other = ALPHABET[(ALPHABET.index(text[30]) + 1) % 62]
    body = text[:30] + other + text[31:-6]
    return body + checksum(body)


def test_a_good_key_is_its_owner_with_its_scopes() -> None:
    manager = world.person(Role.MANAGER)
    row, text = world.key_row(manager, "read", "write:offers")

    credential = resolve(text, HOME)

    assert credential.id == str(row.pk)
    assert (credential.user_id, credential.role) == (manager.pk, Role.MANAGER)
    assert credential.agency_id == manager.membership.agency_id
    assert credential.scopes == {"read", "write:offers"}
    assert credential.expires_at == row.expires_at


def test_a_text_that_is_no_key_of_ours_is_left_to_others() -> None:
    assert resolve("eyJhbGciOiJub25lIn0", HOME) is None


def test_a_mistyped_key_is_told_apart_without_asking_the_database() -> None:
    text = world.key(world.person())
    mistyped = text[:-1] + ("0" if text[-1] != "0" else "1")

    with CaptureQueriesContext(connection) as asked:
        assert refusal(mistyped) == Reason.CHECKSUM
    assert len(asked) == 0


def test_an_unknown_id_and_a_wrong_secret_are_not_told_apart() -> None:
    text = world.key(world.person())

    assert refusal(generate(settings.API_KEY_MODE).text) == Reason.UNKNOWN
    assert refusal(with_another_secret(text)) == Reason.UNKNOWN


def test_nothing_is_told_about_a_key_that_was_not_proved() -> None:
    row, text = world.key_row(world.person(is_active=False), networks=["203.0.113.0/24"])
    world.expired(row)
    lifecycle.revoke(COMMAND_LINE, row)

    assert refusal(with_another_secret(text)) == Reason.UNKNOWN


def test_a_key_of_the_other_mode_is_nothing_here() -> None:
    row, text = world.key_row(world.person())
    ApiKey.objects.filter(pk=row.pk).update(mode="live")

    assert refusal(text) == Reason.UNKNOWN
    assert refusal(generate("live").text) == Reason.UNKNOWN


def test_an_expired_key_is_refused_from_the_second_on() -> None:
    text = world.key(world.person())
    now = datetime.now(UTC)
    ApiKey.objects.update(created_at=now - timedelta(days=2), expires_at=now)

    assert refusal(text) == Reason.EXPIRED


def test_a_revoked_key_is_refused() -> None:
    row, text = world.key_row(world.person())
    lifecycle.revoke(COMMAND_LINE, row)

    assert refusal(text) == Reason.REVOKED


def test_a_key_whose_owner_is_switched_off_is_refused() -> None:
    assert refusal(world.key(world.person(is_active=False))) == Reason.INACTIVE


@pytest.mark.parametrize("address", ["203.0.113.7", "198.51.100.8", "2001:db8::1", "", "nowhere"])
def test_a_key_bound_to_networks_is_refused_outside_them(address: str) -> None:
    text = world.key(world.person(), networks=["198.51.100.7/32", "10.0.0.0/8"])

    assert refusal(text, address) == Reason.NETWORK


@pytest.mark.parametrize("address", ["198.51.100.7", "10.255.255.255"])
def test_a_key_bound_to_networks_works_inside_them(address: str) -> None:
    text = world.key(world.person(), networks=["198.51.100.7/32", "10.0.0.0/8"])

    assert resolve(text, address) is not None


def test_a_changed_role_counts_from_the_next_look() -> None:
    manager = world.person(Role.MANAGER)
    text = world.key(manager)
    Membership.objects.filter(user=manager).update(role=Role.AUDITOR)

    assert resolve(text, HOME).role is Role.AUDITOR
    assert resolve(text, HOME).staff_of is None


def test_a_key_of_a_retired_pepper_is_unknown(settings: object) -> None:
    text = world.key(world.person())
    settings.API_KEY_PEPPERS = {9: bytes(32)}

    assert refusal(text) == Reason.UNKNOWN


def test_a_pepper_rotates_without_breaking_a_key(settings: object) -> None:
    """The procedure of docs/api-keys.md: add, activate, wait, retire."""
    text = world.key(world.person())
    first, second = settings.API_KEY_PEPPERS[1], bytes(range(32))

    settings.API_KEY_PEPPERS = {1: first, 2: second}
    assert resolve(text, HOME)
    assert ApiKey.objects.get().pepper_id == 1

    settings.API_KEY_PEPPER_ACTIVE = 2
    ApiKey.objects.update(last_used_at=datetime.now(UTC) - timedelta(minutes=2))
    assert resolve(text, HOME)
    assert ApiKey.objects.get().pepper_id == 2

    settings.API_KEY_PEPPERS = {2: second}
    assert resolve(text, HOME)
    assert refusal(with_another_secret(text)) == Reason.UNKNOWN


def test_last_use_is_written_once_a_minute() -> None:
    text = world.key(world.person())

    def last_used() -> datetime | None:
        return ApiKey.objects.values_list("last_used_at", flat=True).get()

    assert last_used() is None
    resolve(text, HOME)
    first = last_used()
    resolve(text, HOME)
    assert last_used() == first is not None

    earlier = first - timedelta(minutes=1, seconds=1)
    ApiKey.objects.update(last_used_at=earlier)
    resolve(text, HOME)
    assert last_used() >= first


def test_a_refused_key_is_not_noted_as_used() -> None:
    text = world.key(world.person(), networks=["203.0.113.0/24"])
    refusal(text)

    assert ApiKey.objects.get().last_used_at is None


def test_a_good_key_costs_one_question() -> None:
    text = world.key(world.person())
    resolve(text, HOME)

    with CaptureQueriesContext(connection) as asked:
        resolve(text, HOME)
    assert len(asked) == 1


def test_last_use_says_when_from_where_and_for_what() -> None:
    text = world.key(world.person())
    Api(text).get("listings?limit=1")

    row = ApiKey.objects.get()
    assert datetime.now(UTC) - row.last_used_at < timedelta(seconds=30)
    assert row.last_used_address == "127.0.0.1"
    assert row.last_used_route == "GET api/v2/listings"


def test_a_dissolved_membership_takes_its_rights_along() -> None:
    manager = world.person(Role.MANAGER)
    text = world.key(manager)
    Membership.objects.filter(user=manager).delete()

    credential = resolve(text, HOME)
    assert (credential.role, credential.agency_id) == (Role.BUYER, None)
