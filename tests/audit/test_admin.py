"""The admin shows an entry, its proof, and whether it verifies; and says who looked."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditCheckpoint, AuditEntry
from tests.people import sign_in, with_totp

from . import attacker
from .conftest import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    root = User.objects.create_superuser("root@example.com", "a long pass phrase")
    return sign_in(with_totp(root), "a long pass phrase")


def shown(client: Client, entry: AuditEntry) -> str:
    response = client.get(reverse("admin:audit_auditentry_change", args=[entry.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_sealed_entry_is_shown_with_its_proof(sealed_log: None, client: Client) -> None:
    entry = attacker.entry_at(7)
    text = shown(client, entry)

    assert "Yes: sealed at position 7 of 10." in text
    assert AuditCheckpoint.objects.latest("size").note.split("\n")[2] in text
    assert bytes(entry.mac).hex() not in text


def test_an_edited_entry_is_shown_as_such(sealed_log: None, client: Client) -> None:
    entry = attacker.entry_at(7)
    attacker.lift_triggers()
    AuditEntry.objects.filter(pk=entry.pk).update(actor="<script>alert(1)</script>")
    text = shown(client, entry)

    assert "do NOT lead to the root" in text
    assert "NO: this is not the entry that was sealed at position 7." in text
    assert "<script>alert(1)" not in text


def test_an_entry_that_waits_says_so(client: Client) -> None:
    assert "It waits for its seal." in shown(client, written(1)[0])


@pytest.mark.parametrize("page", ["auditentry", "auditcheckpoint"])
def test_looking_is_recorded(sealed_log: None, client: Client, page: str) -> None:
    assert client.get(reverse(f"admin:audit_{page}_changelist")).status_code == 200

    (entry,) = AuditEntry.objects.filter(verb="audit.read")
    assert entry.changes["what"] == page
    shown(client, attacker.entry_at(3))
    assert AuditEntry.objects.filter(verb="audit.read").count() == 2
