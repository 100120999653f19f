"""Nobody gives more than they have: not wider, not longer, not from elsewhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from apps.access.credential import COMMAND_LINE, Credential, Kind, Tier
from apps.access.scopes import Scope
from apps.apikeys.lifecycle import DEFAULT_LIFETIME, MAX_LIFETIME, create, revoke
from apps.apikeys.models import ApiKey
from apps.audit.models import AuditEntry
from apps.core.problems import Problem
from tests import world

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)


def made(by: Credential, *scopes: str, **fields: object) -> ApiKey:
    granted = [Scope(scope) for scope in scopes or ("read",)]
    user = world.person() if by.user_id is None else None
    user_id = user.pk if user else by.user_id
    return create(by, user_id=user_id, name="n", scopes=granted, **fields)[0]


def refusal(by: Credential, *scopes: str, **fields: object) -> str:
    before = ApiKey.objects.count()
    with pytest.raises(Problem) as refused:
        made(by, *scopes, **fields)
    assert ApiKey.objects.count() == before
    return refused.value.code


@pytest.fixture
def maker() -> Credential:
    """A key with some rights and a month to live."""
    user = world.person()
    row, _ = world.key_row(user, "write", "admin:keys")
    holder = world.credential(user, "write", "admin:keys")
    return replace(holder, id=str(row.pk), expires_at=now() + 30 * DAY)


def test_a_key_makes_keys_as_wide_as_itself(maker: Credential) -> None:
    assert made(maker, "write", "read").scopes == ["read", "write"]
    assert made(maker, "read:offers", "write:keys").scopes == ["read:offers", "write:keys"]


def test_a_key_makes_no_wider_keys() -> None:
    maker = world.credential(world.person(), "read:offers", "admin:keys")

    for wider in ("read", "write:offers", "read:listings", "write"):
        assert refusal(maker, wider) == "not_permitted"
        assert refusal(maker, "read:offers", wider) == "not_permitted"


@pytest.mark.parametrize("scope", [s for s in Scope if s.startswith("admin")])
def test_a_key_makes_no_key_with_an_admin_scope_even_if_it_has_it(scope: str) -> None:
    maker = world.credential(world.person(), "admin")

    assert refusal(maker, scope) == "second_factor_required"
    assert refusal(maker, "read", scope) == "second_factor_required"


def test_a_key_is_not_outlived_by_what_it_makes(maker: Credential) -> None:
    assert refusal(maker, expires_at=maker.expires_at + timedelta(seconds=1)) == "not_permitted"
    assert made(maker, expires_at=maker.expires_at).expires_at == maker.expires_at
    assert made(maker).expires_at == maker.expires_at


def test_a_key_lives_ninety_days_unless_told_otherwise() -> None:
    lives = made(COMMAND_LINE).expires_at - now()

    assert DEFAULT_LIFETIME - timedelta(minutes=1) < lives <= DEFAULT_LIFETIME == 90 * DAY


def test_no_key_lives_longer_than_180_days_or_ends_in_the_past() -> None:
    assert MAX_LIFETIME == 180 * DAY
    assert made(COMMAND_LINE, expires_at=now() + MAX_LIFETIME - timedelta(minutes=1))
    for end in (MAX_LIFETIME + timedelta(minutes=1), timedelta(0), -DAY, 400_000 * DAY):
        assert refusal(COMMAND_LINE, expires_at=now() + end) == "validation_failed"


def test_networks_are_inherited(maker: Credential) -> None:
    bound = replace(maker, networks=("10.0.0.0/8", "2001:db8::/32"))

    assert made(bound).networks == ["10.0.0.0/8", "2001:db8::/32"]
    assert made(bound, networks=["10.1.0.0/16"]).networks == ["10.1.0.0/16"]
    assert made(bound, networks=["2001:db8:1::/48"]).networks == ["2001:db8:1::/48"]


@pytest.mark.parametrize(
    "networks",
    [["0.0.0.0/0"], ["11.0.0.0/8"], ["10.0.0.0/7"], ["10.1.0.0/16", "192.0.2.0/24"], ["::/0"]],
    ids=str,
)
def test_networks_are_never_wider_than_the_makers(maker: Credential, networks: list[str]) -> None:
    bound = replace(maker, networks=("10.0.0.0/8",))

    assert refusal(bound, networks=networks) == "not_permitted"


def test_a_maker_bound_to_nothing_may_bind(maker: Credential) -> None:
    assert made(maker, networks=["203.0.113.0/24"]).networks == ["203.0.113.0/24"]


def test_the_tier_is_inherited_and_not_chosen(maker: Credential) -> None:
    assert made(maker, tier=Tier.INTERNAL).tier == Tier.FREE
    assert made(replace(maker, tier=Tier.PARTNER)).tier == Tier.PARTNER


@pytest.mark.parametrize("kind", [Kind.SESSION, Kind.TOKEN])
@pytest.mark.parametrize(
    ("methods", "minutes", "made_it"),
    [
        (("password", "totp"), 0, True),
        (("password", "recovery_codes"), 9, True),
        (("webauthn",), 9, True),
        (("password", "totp"), 10, False),
        (("password", "totp"), -1, False),
        (("password",), 0, False),
        ((), 0, False),
        (("totp",), None, False),
    ],
    ids=str,
)
def test_a_person_makes_admin_keys_within_ten_minutes_of_a_second_factor(
    kind: Kind, methods: tuple[str, ...], minutes: int | None, made_it: bool
) -> None:
    person = Credential(
        kind=kind,
        user_id=world.person().pk,
        scopes=frozenset({Scope.ADMIN}),
        methods=methods,
        authenticated_at=None if minutes is None else now() - timedelta(minutes=minutes),
    )

    if made_it:
        assert made(person, "admin:keys").scopes == ["admin:keys"]
    else:
        assert refusal(person, "admin:keys") == "second_factor_required"
    assert made(person, "read").scopes == ["read"]


def test_a_key_never_has_a_second_factor_whatever_it_says(maker: Credential) -> None:
    claims = replace(maker, scopes=frozenset({Scope.ADMIN}), methods=("key", "totp"))

    assert refusal(replace(claims, authenticated_at=now()), "admin") == "second_factor_required"


def test_a_key_that_ended_while_its_request_ran_makes_no_more_keys(maker: Credential) -> None:
    revoke(COMMAND_LINE, ApiKey.objects.get(pk=maker.id))

    assert refusal(maker) == "credentials_invalid"


def test_a_program_without_a_person_makes_no_key() -> None:
    program = Credential(kind=Kind.TOKEN, client="feed", scopes=frozenset({Scope.ADMIN}))
    with pytest.raises(Problem) as refused:
        create(program, user_id=program.user_id, name="n", scopes=[Scope.READ])

    assert refused.value.code == "not_permitted"


def test_the_command_line_makes_any_key() -> None:
    assert made(COMMAND_LINE, "admin").scopes == ["admin"]


def test_revoking_twice_keeps_the_first_moment_and_is_recorded_once() -> None:
    row = world.key_row(world.person())[0]
    revoke(COMMAND_LINE, row)
    first = ApiKey.objects.get().revoked_at
    revoke(COMMAND_LINE, row)

    assert ApiKey.objects.get().revoked_at == first is not None
    assert AuditEntry.objects.filter(verb="api_key.revoked").count() == 1


def test_the_database_refuses_a_key_without_a_life_or_with_an_unknown_tier() -> None:
    from django.db import IntegrityError, transaction

    row = world.key_row(world.person())[0]
    for change in ({"expires_at": row.created_at}, {"tier": "golden"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiKey.objects.update(**change)
