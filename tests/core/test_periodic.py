"""One leader among workers, and work that may be done twice."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command

from apps.core.models import Lease
from apps.idempotency.models import FirstAnswer

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def test_one_holder_has_the_lease_until_it_ends() -> None:
    assert Lease.take("worker", "a", MINUTE)
    assert not Lease.take("worker", "b", MINUTE)
    assert Lease.take("worker", "a", MINUTE)


def test_a_lease_that_ended_is_taken_over() -> None:
    Lease.take("worker", "a", MINUTE)
    Lease.objects.update(expires_at=YESTERDAY)

    assert Lease.take("worker", "b", MINUTE)
    assert not Lease.take("worker", "a", MINUTE)


def test_leases_of_different_names_are_apart() -> None:
    assert Lease.take("worker", "a", MINUTE)
    assert Lease.take("sealer", "b", MINUTE)


def test_a_tick_removes_what_is_past_and_nothing_else() -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    for name, moment in (("past", YESTERDAY), ("future", tomorrow)):
        Session.objects.create(session_key=name, expire_date=moment)
        FirstAnswer.objects.create(
            owner=name, route="r", key="k", held_until=moment, expires_at=moment
        )
    for _ in range(2):
        call_command("tick", stdout=StringIO())

        assert list(Session.objects.values_list("pk", flat=True)) == ["future"]
        assert list(FirstAnswer.objects.values_list("owner", flat=True)) == ["future"]
