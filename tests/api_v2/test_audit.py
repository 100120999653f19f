"""`/api/v2/audit`: what auditors see, that they can check it, and that they are seen looking."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from apps.agencies.roles import Role
from apps.audit.models import AuditCheckpoint, AuditEntry
from apps.audit.sealing import seal
from apps.audit.signing import signer
from config.environment import ROOT
from tests import world
from tests.api import Api, assert_problem
from tests.audit import attacker

pytestmark = pytest.mark.django_db

ENTRY = {
    *("id", "position", "at", "verb", "outcome", "reason", "actor", "credential", "object_type"),
    *("object_id", "changes", "request_id", "address", "route"),
}


@pytest.fixture
def auditor() -> Api:
    return Api(world.key(world.person(Role.AUDITOR), "read:audit"))


@pytest.fixture
def listing() -> str:
    """The id of a listing that a manager made and published, in a sealed log."""
    manager = Api(world.key(world.person(Role.MANAGER)))
    made = manager.post("listings", world.NEW_LISTING).json()["id"]
    manager.post(f"listings/{made}/publish")
    seal()
    return made


def entries(api: Api, **query: str) -> list[dict]:
    response = api.get("audit/entries", query)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def test_an_entry_is_shown_whole_and_with_its_place(auditor: Api, listing: str) -> None:
    (published, created) = entries(auditor, object_id=listing)

    assert set(published) == ENTRY
    assert (published["verb"], created["verb"]) == ("listing.published", "listing.created")
    assert published["position"] > created["position"]
    assert auditor.get(f"audit/entries/{created['id']}").json() == created


def test_an_entry_without_a_seal_has_no_place_and_no_proof(auditor: Api, listing: str) -> None:
    world.key(world.person())
    (waiting, *_) = entries(auditor, verb="api_key.created")

    assert waiting["position"] is None
    document = assert_problem(auditor.get(f"audit/entries/{waiting['id']}/proof"), 404, "not_found")
    assert document["detail"] == "It waits for its seal."


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"verb": "listing.created"}, 1),
        ({"outcome": "refused"}, 0),
        ({"object_type": "listing"}, 2),
        ({"object_type": "listing", "verb": "listing.sold"}, 0),
        ({"since": "2999-01-01T00:00:00Z"}, 0),
        ({"until": "2001-01-01T00:00:00Z"}, 0),
        ({"since": "2001-01-01T00:00:00Z", "object_type": "listing"}, 2),
    ],
    ids=str,
)
def test_filters_are_joined_with_and(auditor: Api, listing: str, query: dict, count: int) -> None:
    assert len(entries(auditor, **query)) == count


def test_the_filters_on_who_and_in_which_request(auditor: Api, listing: str) -> None:
    (entry,) = entries(auditor, verb="listing.created")

    assert entry in entries(auditor, actor=entry["actor"])
    assert entries(auditor, request_id=entry["request_id"]) == [entry]


@pytest.mark.parametrize(
    "query",
    [
        {"verb": "listing.stolen"},
        {"actor": "' OR 1=1 --"},
        {"since": "yesterday"},
        {"before": "2001-01-01T00:00:00Z"},
        {"limit": "101"},
        {"cursor": "made-up"},
    ],
    ids=str,
)
def test_a_filter_that_is_none_is_refused(auditor: Api, query: dict) -> None:
    assert_problem(auditor.get("audit/entries", query), 400, "validation_failed")


def test_pages_lead_through_all_entries_once(auditor: Api, listing: str) -> None:
    seen, path = [], "audit/entries?limit=2"
    while path:
        answer = auditor.get(path).json()
        seen += [entry["id"] for entry in answer["results"]]
        path = answer["next"]

    assert len(seen) == len(set(seen)) >= 4
    assert seen == sorted(seen, reverse=True)


def test_a_proof_from_the_api_convinces_an_outsider(
    auditor: Api, listing: str, tmp_path: Path
) -> None:
    (entry,) = entries(auditor, verb="listing.created")
    proof = auditor.get(f"audit/entries/{entry['id']}/proof")
    assert proof.json()["holds"] is True
    assert proof["Cache-Control"] == "no-store"
    file = tmp_path / "proof.json"
    file.write_bytes(proof.content)

    done = subprocess.run(
        [
            *(sys.executable, "-I", str(ROOT / "docs/verify_audit.py")),
            *("--key", str(signer().verifier), "--proof", str(file)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout[:3]) == (0, "OK:"), done.stderr


def test_the_proof_of_an_edited_entry_does_not_hold(auditor: Api, listing: str) -> None:
    (entry,) = entries(auditor, verb="listing.created")
    attacker.lift_triggers()
    AuditEntry.objects.filter(id=entry["id"]).update(actor="user:framed")

    assert auditor.get(f"audit/entries/{entry['id']}/proof").json()["holds"] is False


def test_checkpoints_are_the_notes_that_were_signed(auditor: Api, listing: str) -> None:
    (shown,) = auditor.get("audit/checkpoints").json()["results"]
    row = AuditCheckpoint.objects.get()

    assert set(shown) == {"size", "at", "checkpoint"}
    assert (shown["size"], shown["checkpoint"]) == (row.size, row.note)


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("audit/entries?outcome=done", {"what": "entries", "filters": ["outcome"]}),
        ("audit/entries/{id}", {"what": "entry"}),
        ("audit/entries/{id}/proof", {"what": "proof"}),
        ("audit/checkpoints", {"what": "checkpoints"}),
    ],
)
def test_reading_the_audit_is_recorded_once(
    auditor: Api, listing: str, path: str, changes: dict
) -> None:
    about = AuditEntry.objects.get(verb="listing.created").pk
    before = AuditEntry.objects.count()
    assert auditor.get(path.format(id=about)).status_code == 200

    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.latest("id")
    assert (entry.verb, entry.changes) == ("audit.read", changes)
    assert entry.object_id == (str(about) if "{id}" in path else "")


def test_no_personal_value_is_shown(auditor: Api) -> None:
    buyer = world.person()
    api = Api(world.key(buyer))
    api.put("buyer-profile", world.NEW_PROFILE)
    api.post("buyer-profile/reveal", {"reason": "My own copy"})
    text = json.dumps(entries(auditor), ensure_ascii=False)

    assert "profile.created" in text
    for value in (*world.NEW_PROFILE.values(), buyer.email):
        assert str(value) not in text


@pytest.mark.parametrize("role", [Role.BUYER, Role.AGENT, Role.MANAGER])
def test_others_are_refused_and_that_is_recorded(role: Role) -> None:
    response = Api(world.key(world.person(role))).get("audit/entries")

    assert_problem(response, 403, "not_permitted")
    assert AuditEntry.objects.latest("id").verb == "access.refused"
