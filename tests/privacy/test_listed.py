"""Whoever is on the list is erased in the database: it is noticed where not, and mended."""

import os
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from unittest import mock
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.privacy import erasure
from apps.privacy.models import Erasure
from apps.privacy.replay import is_behind
from tests import people, world

from .life import erased, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def uncommitted() -> User:
    """Somebody who is on the list, and whose erasure the database then refused."""
    user = people.verified()
    with (
        mock.patch("apps.privacy.erasure.close", side_effect=OperationalError("gone")),
        pytest.raises(OperationalError),
    ):
        erasure.erase(world.credential(user), user.pk)
    user.refresh_from_db()
    assert user.is_active and not Erasure.objects.exists()
    return user


def test_an_erasure_that_was_listed_and_not_committed_is_never_forgotten(uncommitted: User) -> None:
    assert ready() == "failing"
    erased()
    assert ready() == "failing", "the next person's erasure hides nobody"


def test_the_periodic_work_erases_whoever_is_listed_and_was_not(uncommitted: User) -> None:
    stays = people.verified()
    call_command("tick", verbosity=0)

    uncommitted.refresh_from_db()
    stays.refresh_from_db()
    assert not uncommitted.is_active and uncommitted.email.endswith("@erased.invalid")
    assert stays.is_active
    assert ready() == "ok"


def test_a_restore_is_noticed_though_the_file_did_not_change() -> None:
    gone = [erased() for _ in range(2)]
    assert not is_behind()

    Erasure.objects.filter(pk=gone[1]).delete()
    assert is_behind()


def test_a_restore_is_noticed_though_there_are_as_many_erasures_as_before() -> None:
    """Another node, which has a list of its own, erased somebody after the restore."""
    gone = [erased() for _ in range(2)]
    assert not is_behind()

    Erasure.objects.filter(pk=gone[1]).delete()
    Erasure.objects.create(pk=uuid4(), begun_at=datetime.now(UTC))
    assert is_behind()


def test_a_list_that_did_not_change_is_not_read_again(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    erased()
    assert not is_behind()

    with (
        mock.patch("apps.privacy.erasure_list.read", side_effect=AssertionError),
        django_assert_num_queries(1),
    ):
        assert not is_behind()


def test_a_list_that_was_changed_in_place_is_read_again_whatever_its_time_says() -> None:
    gone = str(erased())
    assert not is_behind()
    before = settings.ERASURE_LIST.stat()

    text = settings.ERASURE_LIST.read_text()
    settings.ERASURE_LIST.write_text(text.replace(gone, str(uuid4())))
    os.utime(settings.ERASURE_LIST, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert is_behind()


def test_a_damaged_list_erases_nobody_and_stops_no_other_work(
    uncommitted: User, capsys: pytest.CaptureFixture
) -> None:
    with settings.ERASURE_LIST.open("a") as file:
        file.write("no erasure\n")
    call_command("tick")

    uncommitted.refresh_from_db()
    assert uncommitted.is_active
    assert ready() == "failing"
    assert "seal_audit" in capsys.readouterr().out


def test_a_damaged_list_stops_the_replay_of_a_copy_before_anybody_is_erased(
    uncommitted: User, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_text(settings.ERASURE_LIST.read_text())
    with settings.ERASURE_LIST.open("a") as file:
        file.write("no erasure\n")

    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erasures", "replay", str(copy), stdout=StringIO())

    uncommitted.refresh_from_db()
    assert uncommitted.is_active
