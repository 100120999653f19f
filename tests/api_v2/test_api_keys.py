"""`/api/v2/api-keys`: made once, shown once, ended at once."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.apikeys.models import ApiKey
from apps.apikeys.usage import flush
from apps.audit.models import AuditEntry
from apps.core.body_guard import MAX_BODY
from tests import world
from tests.api import Api, assert_problem

from .cast import Cast, Person

DAY = timedelta(days=1)


def new(caller: Api, *scopes: str, **more: object) -> object:
    return caller.post("api-keys", {"name": "nightly", "scopes": [*scopes] or ["read"], **more})


def at(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def test_a_new_key_works_at_once_and_has_what_was_asked_for(cast: Cast) -> None:
    made = new(cast.buyer, "read", "write:offers", networks=["127.0.0.0/8"])
    document = made.json()

    assert made.status_code == 201
    assert made["Location"] == f"/api/v2/api-keys/{document['id']}"
    assert document["scopes"] == ["read", "write:offers"]
    assert document["networks"] == ["127.0.0.0/8"]
    assert document["key"].startswith(document["prefix"] + "_")
    assert document["last_used_at"] is document["revoked_at"] is None
    used = Api(document["key"]).get("me").json()["credential"]
    assert used["id"] == document["id"]
    assert used["scopes"] == ["read", "write:offers"]


def test_the_text_of_a_key_is_shown_once_and_never_again(cast: Cast) -> None:
    made = new(cast.buyer)
    secret = made.json()["key"][21:].encode()
    path = made["Location"]
    again = [cast.buyer.get(path), cast.buyer.get("api-keys"), cast.buyer.get("me")]
    again += [Api(made.json()["key"]).get("me"), cast.buyer.delete(path), cast.buyer.get(path)]

    assert made.content.count(secret) == 1
    for response in again:
        assert secret not in response.content
        assert not any(secret.decode() in value for value in response.headers.values())


def test_the_list_shows_only_the_own_keys_and_of_them_the_prefix(cast: Cast) -> None:
    world.key(cast.manager.user)
    rows = cast.buyer.get("api-keys").json()["results"]

    assert [row["id"] for row in rows] == [str(cast.buyer.row.pk)]
    assert rows[0]["prefix"] == cast.buyer.key[:20]
    assert cast.buyer.key[21:].encode() not in cast.buyer.get("api-keys").content


def test_a_revoked_key_is_refused_on_the_next_request_and_stays_in_the_list(cast: Cast) -> None:
    made = new(cast.buyer).json()
    key = Api(made["key"])
    assert key.get("me").status_code == 200
    assert cast.buyer.delete(f"api-keys/{made['id']}").status_code == 204

    document = assert_problem(key.get("me"), 401, "credentials_invalid")
    assert document["reason"] == "revoked"
    rows = {row["id"]: row for row in cast.buyer.get("api-keys").json()["results"]}
    assert rows[made["id"]]["revoked_at"] is not None


def test_a_key_can_end_itself(cast: Cast) -> None:
    assert cast.buyer.delete(f"api-keys/{cast.buyer.row.pk}").status_code == 204
    assert_problem(cast.buyer.get("me"), 401, "credentials_invalid")


def test_revoking_twice_is_done_once(cast: Cast) -> None:
    made = new(cast.buyer).json()
    for _ in range(2):
        assert cast.buyer.delete(f"api-keys/{made['id']}").status_code == 204

    assert AuditEntry.objects.filter(verb="api_key.revoked").count() == 1


@pytest.mark.parametrize("scope", ["admin", "admin:keys", "admin:users", "admin:listings"])
def test_an_admin_scope_needs_a_second_factor(cast: Cast, scope: str) -> None:
    for scopes in ([scope], ["read", scope]):
        assert_problem(new(cast.buyer, *scopes), 403, "second_factor_required")
    assert ApiKey.objects.count() == 1


def test_a_key_makes_none_wider_than_itself(cast: Cast) -> None:
    narrow = Person(world.person(), "admin:keys", "read:offers")

    for scopes in (["read"], ["write:offers"], ["read:offers", "read:listings"], ["write"]):
        assert_problem(new(narrow, *scopes), 403, "not_permitted")
    assert new(narrow, "read:offers", "write:keys").status_code == 201
    refusals = AuditEntry.objects.filter(verb="access.refused")
    assert refusals.count() == 4


def test_a_key_made_by_a_key_makes_no_keys(cast: Cast) -> None:
    child = Api(new(cast.buyer, "write").json()["key"])

    assert_problem(new(child, "read"), 403, "insufficient_scope")


def test_a_key_is_not_outlived_by_what_it_makes(cast: Cast) -> None:
    end = datetime.now(UTC) + 10 * DAY
    maker = world.key_row(world.person(), "admin", expires_at=end)
    api = Api(maker[1])

    assert_problem(new(api, expires_at=at(end + DAY)), 403, "not_permitted")
    assert new(api, expires_at=at(end - DAY)).status_code == 201
    assert new(api).json()["expires_at"] == at(end)


def test_a_key_bound_to_networks_makes_none_beyond_them(cast: Cast) -> None:
    maker = world.key_row(world.person(), "admin", networks=["127.0.0.0/8"])
    api = Api(maker[1])

    for networks in (["0.0.0.0/0"], ["::/0"], ["127.0.0.0/8", "192.0.2.0/24"]):
        assert_problem(new(api, networks=networks), 403, "not_permitted")
    assert new(api).json()["networks"] == ["127.0.0.0/8"]
    assert new(api, networks=["127.0.0.1/32"]).json()["networks"] == ["127.0.0.1/32"]


def test_a_key_bound_elsewhere_does_not_work_here(cast: Cast) -> None:
    key = new(cast.buyer, networks=["203.0.113.0/24"]).json()["key"]

    document = assert_problem(Api(key).get("me"), 401, "credentials_invalid")
    assert document["reason"] == "network"


BAD = [
    ("/name", {"name": ""}),
    ("/name", {"name": "x" * 61}),
    ("/name", {"name": "a\nb"}),
    ("/name", {"name": "\ufb2c" * 21}),
    ("/scopes", {"scopes": []}),
    ("/scopes", {"scopes": "read"}),
    ("/scopes", {"scopes": ["read"] * 28}),
    ("/scopes/0", {"scopes": ["root"]}),
    ("/scopes/1", {"scopes": ["read", ""]}),
    ("/scopes/0", {"scopes": [None]}),
    ("/scopes/0", {"scopes": [["read"]]}),
    ("/scopes/0", {"scopes": ["READ"]}),
    ("/networks/0", {"networks": ["10.0.0.1/8"]}),
    ("/networks/0", {"networks": ["10.0.0.0/33"]}),
    ("/networks/0", {"networks": ["localhost"]}),
    ("/networks/0", {"networks": [167772160]}),
    ("/networks", {"networks": ["10.0.0.0/8"] * 21}),
    ("/networks", {"networks": None}),
    ("/expires_at", {"expires_at": None}),
    ("/expires_at", {"expires_at": ""}),
    ("/expires_at", {"expires_at": 1_900_000_000}),
    ("/expires_at", {"expires_at": "2020-01-01T00:00:00Z"}),
    ("/expires_at", {"expires_at": "9999-12-31T23:59:59-23:59"}),
    ("/expires_at", {"expires_at": "2026-12-31"}),
    ("/expires_at", {"expires_at": "2026-12-31T00:00:00"}),
    ("/expires_at", {"expires_at": "2026-W52-1T00:00:00Z"}),
    ("/expires_at", {"expires_at": "20261231T000000Z"}),
    ("/expires_at", {"expires_at": "2026-13-31T00:00:00Z"}),
]


@pytest.mark.parametrize(("pointer", "change"), BAD, ids=lambda value: ascii(value)[:40])
def test_a_key_that_cannot_be_is_pointed_at(cast: Cast, pointer: str, change: dict) -> None:
    body = {"name": "n", "scopes": ["read"], **change}

    assert_problem(cast.buyer.post("api-keys", body), 400, "validation_failed", pointer)
    assert ApiKey.objects.count() == 1


def test_a_life_is_at_most_180_days(cast: Cast) -> None:
    long = world.key_row(world.person(), "admin", expires_at=datetime.now(UTC) + 179 * DAY)
    api = Api(long[1])

    assert new(api, expires_at=at(datetime.now(UTC) + 178 * DAY)).status_code == 201
    for days in (0, -1):
        response = new(api, expires_at=at(datetime.now(UTC) + days * DAY))
        assert_problem(response, 400, "validation_failed", "/expires_at")


def test_very_many_scopes_cost_no_more_than_few(cast: Cast) -> None:
    scopes = b",".join([b'"x"'] * 200_000)
    body = b'{"name": "n", "scopes": [' + scopes + b"]}"
    assert len(body) < MAX_BODY

    response = cast.buyer.post("api-keys", body)
    assert_problem(response, 400, "validation_failed", "/scopes")


def test_making_and_ending_are_audited_without_the_key(cast: Cast) -> None:
    made = new(cast.buyer, "read", "write:offers").json()
    cast.buyer.delete(f"api-keys/{made['id']}")

    created, revoked = AuditEntry.objects.filter(object_id=made["id"]).order_by("at")
    assert (created.verb, revoked.verb) == ("api_key.created", "api_key.revoked")
    assert created.changes == {"scopes": ["read", "write:offers"]}
    assert made["key"][21:] not in str(created.__dict__)


KEY = {"id", "name", "prefix", "scopes", "networks", "tier"}
KEY |= {"expires_at", "created_at", "last_used_at", "revoked_at"}


def test_a_key_is_renamed_and_narrowed_and_counts_from_the_next_request(cast: Cast) -> None:
    made = new(cast.buyer, "write").json()
    path = f"api-keys/{made['id']}"
    changed = cast.buyer.patch(path, {"name": "nightly", "scopes": ["read:offers"]})

    assert changed.status_code == 200
    assert set(changed.json()) == KEY
    assert (changed.json()["name"], changed.json()["scopes"]) == ("nightly", ["read:offers"])
    assert_problem(Api(made["key"]).get("listings"), 403, "insufficient_scope")
    assert cast.buyer.patch(path, {}).json()["scopes"] == ["read:offers"]


@pytest.mark.parametrize(
    "change",
    [
        {"scopes": ["admin"]},
        {"scopes": ["read", "read:keys", "admin:keys"]},
        {"networks": []},
        {"networks": ["0.0.0.0/0"]},
        {"expires_at": "2099-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_a_key_is_not_widened_not_even_by_its_own_maker(cast: Cast, change: dict) -> None:
    made = new(cast.buyer, "read", networks=["127.0.0.0/8"]).json()

    assert_problem(cast.buyer.patch(f"api-keys/{made['id']}", change), 403, "not_permitted")
    assert_problem(
        cast.buyer.patch(f"api-keys/{cast.buyer.row.pk}", {"expires_at": "2099-01-01T00:00:00Z"}),
        403,
        "not_permitted",
    )


@pytest.mark.parametrize(
    ("pointer", "change"),
    [
        ("/tier", {"tier": "internal"}),
        ("/revoked_at", {"revoked_at": None}),
        ("/key", {"key": "mine"}),
        ("/user", {"user": "me"}),
        ("/scopes", {"scopes": []}),
        ("/expires_at", {"expires_at": "2020-01-01T00:00:00Z"}),
        ("/name", {"name": None}),
    ],
)
def test_a_change_that_cannot_be_is_pointed_at(cast: Cast, pointer: str, change: dict) -> None:
    response = cast.buyer.patch(f"api-keys/{cast.buyer.row.pk}", change)

    assert_problem(response, 400, "validation_failed", pointer)


def test_rotating_answers_with_the_successor_and_both_work(cast: Cast) -> None:
    made = new(cast.buyer, "read", networks=["127.0.0.0/8"]).json()
    rotated = cast.buyer.post(f"api-keys/{made['id']}/rotate", {"overlap_seconds": 60})
    document = rotated.json()

    assert rotated.status_code == 201
    assert rotated["Location"] == f"/api/v2/api-keys/{document['id']}"
    assert rotated["Cache-Control"] == "no-store"
    assert set(document) == KEY | {"key"}
    for name in ("name", "scopes", "networks", "tier"):
        assert document[name] == made[name]
    for text in (made["key"], document["key"]):
        assert Api(text).get("me").status_code == 200
    ends = cast.buyer.get(f"api-keys/{made['id']}").json()["revoked_at"]
    assert at(datetime.now(UTC)) < ends < at(datetime.now(UTC) + timedelta(seconds=61))


@pytest.mark.parametrize("body", [None, {}, {"compromised": False}], ids=str)
def test_rotating_needs_no_decision(cast: Cast, body: dict | None) -> None:
    made = new(cast.buyer).json()

    assert cast.buyer.post(f"api-keys/{made['id']}/rotate", body).status_code == 201
    assert Api(made["key"]).get("me").status_code == 200


@pytest.mark.parametrize("body", [{"compromised": True}, {"overlap_seconds": 0}], ids=str)
def test_a_compromised_key_is_refused_on_the_next_request(cast: Cast, body: dict) -> None:
    made = new(cast.buyer).json()
    successor = cast.buyer.post(f"api-keys/{made['id']}/rotate", body).json()["key"]

    assert_problem(Api(made["key"]).get("me"), 401, "credentials_invalid")
    assert Api(successor).get("me").status_code == 200


def test_a_key_rotates_itself_and_its_successor_goes_on(cast: Cast) -> None:
    first = cast.buyer.post(f"api-keys/{cast.buyer.row.pk}/rotate", {"compromised": True}).json()
    second = Api(first["key"]).post(f"api-keys/{first['id']}/rotate")

    assert second.status_code == 201
    assert second.json()["scopes"] == ["admin"]


def test_a_key_does_not_climb_by_rotating_a_wider_one(cast: Cast) -> None:
    narrow = Person(cast.buyer.user, "admin:keys", "read:offers")
    response = narrow.post(f"api-keys/{cast.buyer.row.pk}/rotate", {"compromised": True})

    assert_problem(response, 403, "not_permitted")
    assert cast.buyer.get("me").status_code == 200


def test_a_key_is_rotated_once(cast: Cast) -> None:
    made = new(cast.buyer).json()
    path = f"api-keys/{made['id']}/rotate"
    assert cast.buyer.post(path).status_code == 201

    assert_problem(cast.buyer.post(path), 409, "conflict")
    cast.buyer.delete(f"api-keys/{made['id']}")
    assert_problem(cast.buyer.patch(f"api-keys/{made['id']}", {"name": "n"}), 409, "conflict")


@pytest.mark.parametrize(
    ("pointer", "body"),
    [
        ("/overlap_seconds", {"overlap_seconds": 86_401}),
        ("/overlap_seconds", {"overlap_seconds": -1}),
        ("/overlap_seconds", {"overlap_seconds": "60"}),
        ("/compromised", {"compromised": 1}),
        ("", {"compromised": True, "overlap_seconds": 60}),
        ("/expires_at", {"expires_at": "2099-01-01T00:00:00Z"}),
    ],
)
def test_a_rotation_that_cannot_be_is_pointed_at(cast: Cast, pointer: str, body: dict) -> None:
    response = cast.buyer.post(f"api-keys/{cast.buyer.row.pk}/rotate", body)

    assert_problem(response, 400, "validation_failed", pointer)
    assert ApiKey.objects.count() == 1


def test_usage_shows_where_and_how_often_and_what_is_never_needed(cast: Cast) -> None:
    made = new(cast.buyer, "read:listings", "write:offers").json()
    for _ in range(2):
        Api(made["key"]).get("listings")
    flush()
    answer = cast.buyer.get(f"api-keys/{made['id']}/usage?days=1")

    assert answer["Cache-Control"] == "no-store"
    document = answer.json()
    assert document.pop("last_used_at") is not None
    assert document == {
        "last_used_address": "127.0.0.1",
        "last_used_route": "GET /api/v2/listings",
        "scopes_used": ["read:listings"],
        "scopes_unused": ["write:offers"],
        "days": [
            {"day": str(datetime.now(UTC).date()), "route": "GET /api/v2/listings", "requests": 2}
        ],
    }
    assert_problem(cast.buyer.get(f"api-keys/{made['id']}/usage?days=32"), 400, "validation_failed")


def test_a_key_that_was_never_used_says_so(cast: Cast) -> None:
    made = new(cast.buyer).json()
    document = cast.buyer.get(f"api-keys/{made['id']}/usage").json()

    assert document == {
        "last_used_at": None,
        "last_used_address": "",
        "last_used_route": "",
        "scopes_used": [],
        "scopes_unused": ["read"],
        "days": [],
    }
