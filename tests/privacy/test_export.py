"""The export: complete by what the models declare, in clear, and for nobody else."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.db.models import Model

from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.buyers.models import BuyerProfile
from apps.core.classification import classes_of, declaration_of
from apps.core.data_classes import DataClass
from apps.encryption.errors import DecryptionRefused
from apps.encryption.sealed import Blinded
from apps.offers.models import Offer
from apps.privacy.export import export
from apps.privacy.people import exported_fields, models_of_people, names_of, rows_of
from config.environment import ROOT
from tests import people, world
from tests.api import Api, assert_problem
from tests.tokens import token

from .life import EMAIL, MESSAGE, ONLY_AFTER, PROFILE, VALUES, Life

pytestmark = pytest.mark.django_db

SCHEMA = json.loads(Path(ROOT, "docs/export.schema.json").read_text())
MEMBERS = {"format", "version", "exported_at", "person", "left_out", "sections", "complete"}


def exported(caller: Api) -> dict[str, Any]:
    response = caller.get("me/export")
    assert response.status_code == 200
    return json.loads(response.getvalue())


def rows(document: dict[str, Any], model: type[Model]) -> list[dict[str, Any]]:
    return document["sections"][model._meta.label_lower]


def test_it_is_a_file_that_nobody_keeps_and_that_says_what_it_is() -> None:
    response = Life().steps_up().get("me/export")
    document = json.loads(response.getvalue())

    assert set(document) == MEMBERS
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"] == 'attachment; filename="personal-data.json"'
    assert response["Content-Type"] == "application/json"
    assert "X-Request-ID" in response and "RateLimit" in response
    jsonschema.validate(document, SCHEMA)
    assert document["complete"] is True


def test_values_are_in_clear() -> None:
    life = Life()
    document = exported(life.steps_up())

    (profile,) = rows(document, BuyerProfile)
    income = PROFILE["annual_income"]["amount"]
    assert {name: profile[name] for name in PROFILE} == PROFILE | {"annual_income": income}
    assert {offer["message"] for offer in rows(document, Offer)} == {MESSAGE}
    assert document["sections"]["accounts.user"][0]["email"] == EMAIL
    assert all(value in json.dumps(document) for value in VALUES)


@pytest.mark.parametrize("model", [model for model, _ in models_of_people()])
def test_every_row_about_a_person_is_in_it_with_every_field_or_a_reason(model: type[Model]) -> None:
    """Whoever adds a model is led here: by declaring its person, they export it."""
    life = Life()
    document = exported(life.steps_up())
    label, declared = model._meta.label_lower, declaration_of(model)
    held = rows_of(model, life.user.pk, names_of(life.user.pk)).count()
    assert held or model in ONLY_AFTER, f"tests/privacy/life.py makes no {label}"

    left_out = document["left_out"].get(label, {})
    assert all(left_out.values())
    if "*" in declared.withheld:
        assert label not in document["sections"] and left_out["*"]
        return
    told = set(exported_fields(model))
    assert told | set(left_out) == set(classes_of(model))
    if model is AuditEntry:  # it has those about this person as well, without who made them
        held = len(rows(document, model))
        assert held > 3
    else:
        assert all(set(row) == told for row in rows(document, model))
    assert len(rows(document, model)) == held


def test_no_secret_is_in_it() -> None:
    life = Life()
    text = json.dumps(exported(life.steps_up()))

    for model, _ in models_of_people():
        secret = [name for name, one in classes_of(model).items() if one is DataClass.SECRET]
        for row in rows_of(model, life.user.pk, names_of(life.user.pk)):
            for name in secret:
                value = getattr(row, name)
                value = value.index if isinstance(value, Blinded) else value  # of a blind index
                value = bytes(value).hex() if isinstance(value, bytes | memoryview) else value
                assert not value or json.dumps(value) not in text, f"{model}.{name}"
    assert life.key not in text


def test_nobody_elses_data_is_in_it() -> None:
    """A manager's agency has offers, and a listing's address; neither is the manager's own."""
    agency = world.agency()
    manager = people.with_totp(people.verified(Role.MANAGER, of=agency))
    buyer = people.verified(email="someone.else@example.com")
    profile = world.profile(buyer, legal_name="Wilhelmina Ostrich")
    offer = world.offer(world.listing(agency, street_address="77 Heliotrope"), buyer)
    Api(world.key(manager)).post(f"offers/{offer.pk}/reveal", {"reason": "Closing"})
    text = json.dumps(exported(Api(token(manager))))

    for foreign in (buyer.email, profile.legal_name, offer.message, "Heliotrope", str(buyer.pk)):
        assert foreign not in text


def test_who_else_touched_the_account_is_not_said() -> None:
    life = Life()
    admin = world.person(Role.PLATFORM_ADMIN)
    Api(token(admin)).patch(f"users/{life.user.pk}", {"role": "auditor"})
    entries = rows(exported(life.steps_up()), AuditEntry)

    (changed,) = [entry for entry in entries if entry["verb"] == "user.changed"]
    assert not {"actor", "credential", "address", "request_id"} & set(changed)
    assert str(admin.pk) not in json.dumps(entries)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_needs_a_second_factor_that_is_fresh(method: str) -> None:
    life = Life()

    assert life.api.send(method, "me/export").status_code == 403
    assert life.steps_up(minutes=11).send(method, "me/export").status_code == 401
    only_password = Api(token(life.user, methods=("password",)))
    assert only_password.send(method, "me/export").status_code == 401
    assert not AuditEntry.objects.filter(verb="account.exported").exists()
    assert_problem(life.api.get("me/export"), 403, "second_factor_required")


def test_it_is_recorded_before_it_leaves_and_without_a_value() -> None:
    life = Life()
    response = life.steps_up().get("me/export")

    entry = AuditEntry.objects.get(verb="account.exported")
    assert (entry.actor, entry.object_id) == (f"user:{life.user.pk}", str(life.user.pk))
    assert entry.changes == {}
    assert str(entry.pk) in response.getvalue().decode()


def test_five_an_hour_whatever_is_presented() -> None:
    life = Life()
    answers = [life.steps_up().get("me/export").status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


def test_a_value_that_cannot_be_opened_breaks_the_document_off() -> None:
    life = Life()
    other = world.profile(world.person())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE buyers_buyerprofile SET phone = (SELECT phone FROM buyers_buyerprofile"
            " WHERE id = %s) WHERE id <> %s",
            [BuyerProfile._meta.pk.get_db_prep_value(other.pk, connection)] * 2,
        )
    sent = b""
    with pytest.raises(DecryptionRefused, match="phone"):
        for piece in export(world.credential(life.user), life.user):
            sent += piece
    assert b'"complete"' not in sent and b"5557391" not in sent


def test_a_long_history_is_never_held_whole() -> None:
    life = Life()
    largest = max(len(piece) for piece in export(world.credential(life.user), life.user))

    assert largest < 10_000
