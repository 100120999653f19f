"""Sessions that ended are removed by `manage.py tick`."""

from datetime import UTC, datetime

from django.contrib.sessions.models import Session


def forget_expired_sessions() -> int:
    """Delete them; returns how many."""
    return Session.objects.filter(expire_date__lt=datetime.now(UTC)).delete()[0]
