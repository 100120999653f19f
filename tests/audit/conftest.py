"""A log to attack: ten entries, sealed in two batches, the second from position 6 on."""

from collections.abc import Iterator

import pytest

from apps.audit.actors import Operator
from apps.audit.models import AuditEntry
from apps.audit.recording import record
from apps.audit.sealing import seal
from apps.audit.verbs import Verb

from . import attacker

FIRST, ALL = 6, 10


def written(count: int) -> list[AuditEntry]:
    before = set(AuditEntry.objects.values_list("id", flat=True))
    for number in range(count):
        record(Verb.LISTING_CHANGED, Operator(), changes={"number": number})
    return list(AuditEntry.objects.exclude(id__in=before).order_by("id"))


@pytest.fixture
def sealed_log(db: None) -> None:
    written(FIRST)
    seal()
    written(ALL - FIRST)
    seal()


@pytest.fixture
def attacked_log(sealed_log: None) -> Iterator[None]:
    """The same, while the triggers are away."""
    attacker.lift_triggers()
    yield


@pytest.fixture
def _mended(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        attacker.restore_triggers()


@pytest.fixture
def committed(_mended: None, transactional_db: None) -> Iterator[None]:
    """Real transactions. Their rows go at the end, which the triggers would refuse."""
    yield
    attacker.lift_triggers()
