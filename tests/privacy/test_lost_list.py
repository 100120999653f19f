"""A list that is gone, or lost a part, is not taken for one on which nobody stands."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from unittest import mock
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.privacy import erasure_list
from apps.privacy.erasure_list import Listed, read
from apps.privacy.models import Erasure
from apps.privacy.replay import is_behind

from .life import Life, erased, ready

pytestmark = pytest.mark.django_db


def test_a_list_that_is_gone_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    gone = [erased() for _ in range(2)]
    assert ready() == "ok"
    whole = settings.ERASURE_LIST.rename(tmp_path / "unmounted")
    assert ready() == "failing"

    call_command("tick", verbosity=0)
    assert ready() == "failing", "no worker may write the list anew: the true one may come back"

    whole.rename(settings.ERASURE_LIST)
    assert ready() == "ok"
    assert [one.user_id for one in read(settings.ERASURE_LIST)] == gone


def test_a_list_that_is_lost_for_good_is_written_anew_from_the_database() -> None:
    gone = [erased() for _ in range(3)]
    before = read(settings.ERASURE_LIST)
    settings.ERASURE_LIST.write_text(f"{settings.ERASURE_LIST.read_text().splitlines()[1]}\n")
    said = StringIO()

    call_command("erasures", "replay", stdout=said)
    assert "2 erasures of this database are not on its list" in said.getvalue()
    call_command("erasures", "relist", stdout=said)

    assert "Written to the list: 2.\n" in said.getvalue()
    after = read(settings.ERASURE_LIST)
    assert [one.user_id for one in after] == [gone[1], gone[0], gone[2]]
    assert {one.user_id: one.at for one in after} == {one.user_id: one.at for one in before}
    assert ready() == "ok"


def test_a_time_survives_a_restore_and_the_loss_of_the_list(tmp_path: Path) -> None:
    user_id, copy = uuid4(), tmp_path / "copy.txt"
    copy.write_text(f"2020-01-01T00:00:00Z {user_id}\n2021-01-01T00:00:00Z {user_id}\n")
    expected = [(datetime(2020, 1, 1, tzinfo=UTC), user_id)]

    with pytest.raises(CommandError, match="not applied"):
        call_command("erasures", "replay", "--dry-run", str(copy), stdout=StringIO())
    assert not settings.ERASURE_LIST.exists()

    call_command("erasures", "replay", str(copy), stdout=StringIO())
    assert ready() == "ok", "what was given as a copy is on the list from then on"
    assert [(one.at, one.user_id) for one in read(settings.ERASURE_LIST)] == expected

    Erasure.objects.all().delete()
    call_command("tick", verbosity=0)
    settings.ERASURE_LIST.unlink()
    call_command("erasures", "relist", stdout=StringIO())
    assert [(one.at, one.user_id) for one in read(settings.ERASURE_LIST)] == expected


def test_nobody_is_erased_where_the_list_is_gone(caplog: pytest.LogCaptureFixture) -> None:
    life = Life()
    erased()
    settings.ERASURE_LIST.unlink()

    refused = life.steps_up().delete("me")

    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert refused["Retry-After"] == "60"
    assert life.api.get("me").status_code == 200
    assert not settings.ERASURE_LIST.exists()
    assert "erasure_list_gone" in caplog.messages


def test_a_list_that_went_while_it_was_compared_is_compared_again() -> None:
    erased()
    version = erasure_list.version(settings.ERASURE_LIST)
    text, seen = settings.ERASURE_LIST.read_text(), [version, (), version, version]

    with mock.patch("apps.privacy.erasure_list.version", side_effect=seen):
        settings.ERASURE_LIST.unlink()
        assert is_behind()
        settings.ERASURE_LIST.write_text(text)
        assert not is_behind(), "it came back as it was"


def test_the_log_says_why_no_node_is_ready(caplog: pytest.LogCaptureFixture) -> None:
    erased()
    settings.ERASURE_LIST.write_text(f"2020-01-01T00:00:00Z {uuid4()}\n")

    assert ready() == "failing"
    (line,) = (one for one in caplog.records if one.message == "erasures_differ")
    assert line.fields == {"not_on_the_list": 1, "not_in_the_database": 1}


def test_somebody_whose_row_and_line_are_both_lost_can_be_listed_again() -> None:
    gone = erased()
    Erasure.objects.all().delete()
    settings.ERASURE_LIST.unlink()

    call_command("erasures", "erase", str(gone), stdout=StringIO())

    assert [one.user_id for one in read(settings.ERASURE_LIST)] == [gone]
    assert ready() == "ok"


def test_an_erasure_that_is_committed_meanwhile_is_not_missed() -> None:
    def read_late(path: Path) -> list[Listed]:
        erased()
        return read(path)

    with mock.patch("apps.privacy.erasure_list.read", read_late):
        assert not is_behind()
