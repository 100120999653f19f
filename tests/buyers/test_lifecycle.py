"""The own profile: ciphertext at rest, no lost update, no value in the audit."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from apps.access.credential import ANONYMOUS, Credential
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.buyers import lifecycle
from apps.buyers.models import BuyerProfile
from apps.core.problems import Problem
from tests import world

pytestmark = pytest.mark.django_db

FIELDS = {
    "legal_name": "Ana María O'Neil",
    "phone": "+15055550123",
    "national_id": "123-45-6789",
    "date_of_birth": date(1984, 2, 29),
    "annual_income": Decimal("85000.00"),
}


@pytest.fixture
def buyer() -> Credential:
    return world.credential(world.person())


def refusal(act: object, *arguments: object) -> str:
    with pytest.raises(Problem) as refused:
        act(*arguments)
    return refused.value.code


def test_no_value_stands_in_the_database_in_clear(buyer: Credential) -> None:
    lifecycle.create(buyer, FIELDS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM buyers_buyerprofile")
        row = cursor.fetchone()
    stored = b"|".join(
        bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row
    )

    for value in FIELDS.values():
        assert str(value).encode() not in stored
    profile = BuyerProfile.objects.get()
    assert {name: getattr(profile, name) for name in FIELDS} == FIELDS


def test_a_second_first_profile_is_a_failed_precondition(buyer: Credential) -> None:
    lifecycle.create(buyer, FIELDS)

    assert refusal(lifecycle.create, buyer, FIELDS) == "precondition_failed"
    assert BuyerProfile.objects.count() == AuditEntry.objects.count() == 1


def test_an_edit_of_what_was_changed_meanwhile_is_refused(buyer: Credential) -> None:
    seen = lifecycle.create(buyer, FIELDS)
    lifecycle.edit(buyer, BuyerProfile.objects.get(), {"phone": "+15055550199"})

    assert refusal(lifecycle.edit, buyer, seen, {"phone": "+1000000"}) == "precondition_failed"
    assert refusal(lifecycle.delete, buyer, seen) == "precondition_failed"
    assert BuyerProfile.objects.get().phone == "+15055550199"


def test_a_deleted_profile_leaves_the_offers(buyer: Credential) -> None:
    profile = lifecycle.create(buyer, FIELDS)
    offer = world.offer(world.listing(world.agency()), profile.user)
    lifecycle.delete(buyer, profile)

    assert not BuyerProfile.objects.exists()
    assert type(offer).objects.get().buyer_id == buyer.user_id


def test_every_act_is_audited_by_names_of_fields_and_never_by_values(buyer: Credential) -> None:
    profile = lifecycle.create(buyer, FIELDS)
    profile = lifecycle.edit(buyer, profile, {"phone": "+15055550199", "legal_name": "Li Wei"})
    lifecycle.reveal(buyer, profile, "Copy for my adviser")
    lifecycle.delete(buyer, profile)

    entries = list(AuditEntry.objects.order_by("at").values())
    assert [entry["verb"] for entry in entries] == [
        "profile.created",
        "profile.changed",
        "profile.revealed",
        "profile.deleted",
    ]
    assert entries[1]["changes"] == {"fields": ["legal_name", "phone"]}
    assert entries[2]["reason"] == "Copy for my adviser"
    text = json.dumps(entries, default=str, ensure_ascii=False)
    for value in (*FIELDS.values(), "+15055550199", "Li Wei"):
        assert str(value) not in text


@pytest.mark.parametrize("act", ["edit", "delete", "reveal"])
def test_a_failing_audit_undoes_the_act(
    buyer: Credential, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = lifecycle.create(buyer, FIELDS)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(lifecycle, "record", broken)
    more = {"edit": ({"phone": "+1000000"},), "reveal": ("why",)}.get(act, ())
    with pytest.raises(RuntimeError):
        getattr(lifecycle, act)(buyer, profile, *more)

    left = BuyerProfile.objects.get()
    assert (left.phone, left.version) == (FIELDS["phone"], 1)


def test_a_profile_is_visible_to_its_owner_alone(buyer: Credential) -> None:
    lifecycle.create(buyer, FIELDS)

    assert BuyerProfile.objects.visible_to(buyer).count() == 1
    for role in Role:
        other = world.credential(world.person(role))
        assert not BuyerProfile.objects.visible_to(other).exists()
    assert not BuyerProfile.objects.visible_to(ANONYMOUS).exists()
