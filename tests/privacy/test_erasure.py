"""An erasure: nothing of the person is left, nobody comes in, and what must stay says nothing."""

from datetime import UTC, datetime
from unittest import mock
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from apps.accounts.models import User
from apps.agencies.models import Membership
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.audit.sealing import seal
from apps.audit.verification import verify
from apps.core.classification import declaration_of
from apps.offers import lifecycle
from apps.offers.models import Offer
from apps.privacy import erasure
from apps.privacy.erasure_list import read
from apps.privacy.models import Erasure
from apps.privacy.people import emptied_fields, models_of_people, names_of, rows_of
from tests import people, world
from tests.api import Api, assert_problem
from tests.tokens import token

from .life import EMAIL, VALUES, Life

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone() -> Life:
    """Somebody who has just been erased, by their own request."""
    life = Life()
    life.names = names_of(life.user.pk)
    response = life.steps_up().delete("me")
    assert (response.status_code, response.content) == (204, b"")
    return life


def everything() -> str:
    """Every value of every column of every table, as the database has it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                found += [
                    bytes(v).decode("latin-1") if isinstance(v, bytes | memoryview) else str(v)
                    for v in row
                ]
    return "\n".join(found)


@pytest.mark.parametrize("model", [model for model, _ in models_of_people()])
def test_no_row_about_the_person_is_left_but_those_that_must(gone: Life, model: type) -> None:
    rows = rows_of(model, gone.user.pk, gone.names)

    if not declaration_of(model).kept:
        assert not rows.exists()
    for row in rows:
        assert [name for name in emptied_fields(model) if getattr(row, name) is not None] == []


def test_what_must_stay_has_a_reason_and_so_has_what_remains_in_it() -> None:
    for model, declared in models_of_people():
        assert declared.kept or not declared.remains, model
        assert all(declared.remains.values())
        nullable = [model._meta.get_field(name).null for name in emptied_fields(model)]
        assert not declared.kept or all(nullable), f"{model}: what is emptied may be NULL"


def test_no_value_of_theirs_is_in_the_database_in_clear(gone: Life) -> None:
    left = everything()

    assert str(gone.user.pk) in left
    assert [value for value in VALUES if value in left] == []
    assert gone.row.public_id not in left


def test_encrypted_columns_are_null_and_offers_stay_in_the_books(gone: Life) -> None:
    offers = Offer.objects.filter(pk__in=[offer.pk for offer in gone.offers])

    assert sorted(offers.values_list("status", "message")) == [
        ("rejected", None),
        ("withdrawn", None),
    ]
    manager = world.person(Role.MANAGER, gone.offers[0].listing.agency)
    shown = Api(world.key(manager)).get(f"offers/{gone.offers[0].pk}").json()
    assert shown["buyer"] == {"id": str(gone.user.pk)}
    assert (shown["message"], shown["amount"]["amount"]) == ("", "410000.00")
    old = Api(world.key(manager)).get(f"/api/v1/offers/{gone.offers[0].pk}").json()
    assert old["message"] == ""


def test_nobody_comes_in_by_anything_that_they_had(gone: Life) -> None:
    assert_problem(Api(gone.key).get("me"), 401, "credentials_invalid")
    assert not people.is_signed_in(gone.browser)
    assert not people.is_signed_in(people.sign_in(gone.user))
    gone.user.refresh_from_db()
    assert not gone.user.is_active and not gone.user.has_usable_password()


def test_a_reset_does_not_bring_it_back(gone: Life) -> None:
    before = len(mail.outbox)
    people.post(gone.browser, "password/reset/", email=EMAIL)

    assert not [one for one in mail.outbox[before:] if "/password/reset/key/" in one.body]


def test_the_address_may_be_registered_anew_and_knows_nothing_of_before(gone: Life) -> None:
    Api().post("accounts", {"email": EMAIL, "password": people.PASSWORD})

    anew = User.objects.get(email=EMAIL)
    assert anew.pk != gone.user.pk
    assert not Offer.objects.filter(buyer=anew).exists()
    assert AuditEntry.objects.filter(object_id=str(anew.pk)).count() == 1


def test_the_list_holds_an_id_and_a_time_and_nothing_else(gone: Life) -> None:
    (line,) = settings.ERASURE_LIST.read_text().splitlines()

    at, user_id = line.split(" ")
    assert user_id == str(gone.user.pk)
    assert abs((datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()) < 60


def test_the_audit_keeps_the_id_says_what_went_and_verifies(gone: Life) -> None:
    entry = AuditEntry.objects.get(verb="account.erased")
    assert (entry.actor, entry.object_id) == (f"user:{gone.user.pk}", str(gone.user.pk))
    assert entry.changes["removed"]["buyers.buyerprofile"] == 1
    assert {"mfa.authenticator", "account.emailaddress"} < set(entry.changes["removed"])
    assert AuditEntry.objects.filter(verb="offer.withdrawn", actor=entry.actor).count() == 1

    seal(everything=True)
    assert verify().findings == []


def test_it_needs_a_second_factor_that_is_fresh() -> None:
    life = Life()

    assert_problem(life.api.delete("me"), 403, "second_factor_required")
    assert life.steps_up(minutes=11).delete("me").status_code == 401
    assert Api(token(life.user, methods=("password",))).delete("me").status_code == 401
    life.user.refresh_from_db()
    assert life.user.email == EMAIL and life.user.is_active
    assert read(settings.ERASURE_LIST) == []


def test_the_last_platform_admin_stays() -> None:
    only = world.person(Role.PLATFORM_ADMIN, is_superuser=True, is_staff=True)
    world.person(Role.PLATFORM_ADMIN, is_active=False)

    assert_problem(Api(token(only)).delete("me"), 403, "not_permitted")
    assert read(settings.ERASURE_LIST) == []
    world.person(Role.PLATFORM_ADMIN)
    assert Api(token(only)).delete("me").status_code == 204


def test_a_manager_goes_and_the_agency_stays() -> None:
    agency = world.agency()
    manager, home = world.person(Role.MANAGER, agency), world.listing(agency)

    assert Api(token(manager)).delete("me").status_code == 204
    assert not Membership.objects.filter(user=manager).exists()
    home.refresh_from_db()
    assert home.status == "published"


def test_an_offer_that_was_on_its_way_is_not_left_behind(gone: Life) -> None:
    """The request came in with a good key, and waited for its turn while the buyer was erased."""
    home = world.listing(world.agency())

    with pytest.raises(Exception, match="not_permitted"):
        lifecycle.submit(world.credential(gone.user), home.pk, 1, "Still here")


def test_a_process_killed_in_between_loses_no_erasure() -> None:
    life = Life()
    with (
        mock.patch("apps.privacy.erasure.finish", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        erasure.erase(world.credential(life.user), life.user.pk)

    assert [one.user_id for one in read(settings.ERASURE_LIST)] == [life.user.pk]
    assert Api(life.key).get("me").status_code == 401
    call_command("tick", verbosity=0)
    assert [value for value in VALUES if value in everything()] == []


def test_it_is_listed_before_anything_is_changed() -> None:
    life = Life()
    with (
        mock.patch("apps.privacy.erasure_list.os.fsync", side_effect=OSError("disk full")),
        pytest.raises(OSError, match="disk full"),
    ):
        erasure.erase(world.credential(life.user), life.user.pk)

    assert life.api.get("me").status_code == 200
    assert not Erasure.objects.exists()


def test_an_operator_erases_somebody_who_wrote_a_letter(capsys: pytest.CaptureFixture) -> None:
    life = Life()
    call_command("erasures", "erase", str(life.user.pk))
    call_command("erasures", "erase", str(life.user.pk))

    assert capsys.readouterr().out.splitlines() == [
        "Erased, and written to the list.",
        "Erased already.",
    ]
    assert AuditEntry.objects.get(verb="account.erased").actor == "command"
    assert [value for value in VALUES if value in everything()] == []


def test_the_command_refuses_nobody_and_the_last_admin() -> None:
    with pytest.raises(CommandError):
        call_command("erasures", "erase", str(uuid4()))
    only = world.person(Role.PLATFORM_ADMIN)
    with pytest.raises(CommandError, match="last platform admin"):
        call_command("erasures", "erase", str(only.pk))
    assert read(settings.ERASURE_LIST) == []


def test_an_erased_person_is_in_no_page_of_the_admin(gone: Life) -> None:
    admin = people.comes_in(
        gone.browser, people.verified(Role.PLATFORM_ADMIN, is_staff=True, is_superuser=True)
    )
    page = admin.get("/admin/accounts/user/").content.decode()

    assert f"{gone.user.pk}@erased.invalid" in page
    assert EMAIL not in page
