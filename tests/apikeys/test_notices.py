"""Owners are told once, by the worker, and never lose a mail to a server that is away."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command

from apps.access.credential import COMMAND_LINE
from apps.apikeys import notices
from apps.apikeys.lifecycle import revoke
from apps.apikeys.models import ApiKey, Notice, NoticeKind
from apps.apikeys.rotation import rotate
from tests import world

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def key(lives: int = 90, left: float = 90, **person: object) -> tuple[ApiKey, str]:
    """A key made for `lives` days, of which `left` are left."""
    row, text = world.key_row(world.person(**person))
    end = datetime.now(UTC) + left * DAY
    ApiKey.objects.filter(pk=row.pk).update(created_at=end - lives * DAY, expires_at=end)
    return row, text


def tick() -> list[mail.EmailMessage]:
    """The mails of one round."""
    mail.outbox.clear()
    call_command("tick", stdout=StringIO())
    return list(mail.outbox)


def test_an_owner_is_reminded_once_fourteen_days_before_the_end() -> None:
    row, text = key(left=13.9, email="ana@example.com")
    (sent,) = tick()

    assert sent.to == ["ana@example.com"]
    assert row.prefix in sent.body and row.name in sent.body
    assert text[21:] not in sent.body
    assert tick() == tick() == []


@pytest.mark.parametrize(
    ("lives", "left"),
    [(90, 14.1), (90, -0.1), (14, 13), (7, 6)],
    ids=["early", "over", "two weeks", "week"],
)
def test_nobody_is_reminded_of_others(lives: int, left: float) -> None:
    key(lives, left)

    assert tick() == []


def test_nobody_is_reminded_of_a_key_that_was_revoked_or_rotated() -> None:
    revoke(COMMAND_LINE, key(left=5)[0])
    rotated = key(left=5)[0]
    successor, _ = rotate(COMMAND_LINE, ApiKey.objects.get(pk=rotated.pk))

    assert tick() == []
    assert successor.expires_at - successor.created_at > 80 * DAY


def test_an_owner_who_is_switched_off_gets_no_mail() -> None:
    key(left=5, is_active=False)

    assert tick() == []


@pytest.mark.parametrize("kind", NoticeKind)
def test_each_kind_is_told_once_and_with_what_to_do(kind: NoticeKind) -> None:
    row, text = key()
    for _ in range(2):
        notices.tell(row, kind)
    (sent,) = tick()
    notices.tell(row, kind)

    assert row.prefix in sent.body
    assert text[21:] not in f"{sent.subject}{sent.body}"
    assert "otate" in sent.body or "new one" in sent.body
    assert tick() == []


def test_a_mail_that_cannot_be_sent_waits_and_says_no_address_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    row, _ = key(email="ana@example.com")
    notices.tell(row, NoticeKind.LEAKED)

    def away(*_: object) -> None:
        raise ConnectionRefusedError("no server for ana@example.com")

    with monkeypatch.context() as patched:
        patched.setattr(notices, "send_mail", away)
        assert tick() == []
    assert "notice_not_sent" in caplog.text
    assert "ana@example.com" not in caplog.text
    assert Notice.objects.get().sent_at is None
    assert len(tick()) == 1
