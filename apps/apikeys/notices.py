"""What the owner of a key is told by mail: each thing once, by `manage.py tick`.

A request only leaves a row, so that it waits for no mail server and a stranger cannot flood a
mailbox. A mail is sent before it is noted as sent: should the worker die between, it comes twice.
"""

import logging
from datetime import UTC, datetime, timedelta

from django.core.mail import send_mail
from django.db.models import F

from .models import ApiKey, Notice, NoticeKind

log = logging.getLogger("gatehouse.apikeys")

REMIND_BEFORE = timedelta(days=14)
_AT_ONCE = 100

_SUBJECTS = {
    NoticeKind.EXPIRING: "An API key of yours ends soon",
    NoticeKind.EXPOSED: "An API key of yours was sent in a URL",
    NoticeKind.LEAKED: "An API key of yours was reported as leaked, and is revoked",
}
_BODIES = {
    NoticeKind.EXPIRING: (
        "Your API key {name} ({prefix}) ends on {end:%Y-%m-%d}. Rotate it in time: the new key has "
        "the same rights, and the old one goes on for as long as you need to change over."
    ),
    NoticeKind.EXPOSED: (
        "Your API key {name} ({prefix}) came in the address of a request. Addresses are kept in "
        "logs and histories, so take the key for known to others: rotate it as compromised, and "
        "send the new one in a header. The request was refused; the key still works."
    ),
    NoticeKind.LEAKED: (
        "Your API key {name} ({prefix}) was reported as leaked, so it was revoked at once. Make a "
        "new one, find out where the old one stood, and read what it was used for."
    ),
}


def tell(key: ApiKey, kind: NoticeKind) -> None:
    """Have the owner told, unless that was done before."""
    Notice.objects.get_or_create(key=key, kind=kind)


def remind() -> int:
    """Note the live keys that end within fourteen days and have no successor; returns how many.

    Keys that were made for two weeks or less are not worth a reminder.
    """
    now = datetime.now(UTC)
    ending = ApiKey.objects.live(now).filter(
        revoked_at=None,
        expires_at__lte=now + REMIND_BEFORE,
        expires_at__gt=F("created_at") + REMIND_BEFORE,
    )
    found = list(ending.exclude(notices__kind=NoticeKind.EXPIRING)[:_AT_ONCE])
    for key in found:
        tell(key, NoticeKind.EXPIRING)
    return len(found)


def send() -> int:
    """Send what is due to owners who are not switched off; returns how many mails went out."""
    due = Notice.objects.filter(sent_at=None, key__user__is_active=True)
    sent = 0
    for notice in due.select_related("key__user").order_by("pk")[:_AT_ONCE]:
        key, kind = notice.key, NoticeKind(notice.kind)
        body = _BODIES[kind].format(name=key.name, prefix=key.prefix, end=key.expires_at)
        try:
            send_mail(_SUBJECTS[kind], f"{body}\n", None, [key.user.email])
        except OSError:
            # The mail server is away. No traceback: it may hold the address.
            log.warning("notice_not_sent", extra={"fields": {"notice": notice.pk}})
            break
        Notice.objects.filter(pk=notice.pk).update(sent_at=datetime.now(UTC))
        sent += 1
    return sent
