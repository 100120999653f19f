"""Refused input leaves a trace by field and fault, never by value, and few rows however often."""

from typing import Any

import pytest

from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.core.inputs import MAX_ERRORS
from apps.core.problems import FieldError
from tests import world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db

SECRET = "jacaranda-7913"
BURST = 20


def traces() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb="input.refused").order_by("at"))


def manager() -> Api:
    return Api(world.key(world.person(Role.MANAGER)))


@pytest.mark.parametrize("path", ["/api/v1/listings", "/api/v2/listings"])
def test_a_refused_body_is_recorded_by_pointer_and_code(path: str) -> None:
    api = manager()
    name, other = ("name", "state") if "v1" in path else ("title", "state_code")
    body = {name: f"{SECRET}\x00", other: "ZZ", "bedrooms": SECRET, SECRET: SECRET}
    assert api.post(path, body).status_code == 400
    (entry,) = traces()
    assert (entry.outcome, entry.reason) == ("refused", "validation_failed")
    assert (
        entry.changes.items()
        >= {
            f"/{name}": "control_character",
            f"/{other}": "not_a_choice",
            "/bedrooms": "wrong_type",
            "/*": "unknown_field",
        }.items()
    )
    assert SECRET not in str(vars(entry))
    assert entry.actor.startswith("user:")
    assert entry.route == path[1:]


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "changes"),
    [
        ("GET", f"listings?state={SECRET}", None, "validation_failed", {"?state": "too_long"}),
        ("GET", f"listings?{SECRET}=1", None, "validation_failed", {"?*": "unknown_field"}),
        ("GET", f"me?{SECRET}=1&{SECRET}=2", None, "validation_failed", {"?*": "unknown_field"}),
        ("GET", "offers?limit=1&limit=2", None, "validation_failed", {"?limit": "duplicate"}),
        ("POST", "listings", b"{", "malformed_body", {}),
        ("PATCH", "buyer-profile", {"phone": "••••1"}, "masked_value", {"/phone": "masked_value"}),
    ],
    ids=str,
)
def test_every_kind_of_refused_input_is_recorded(
    method: str, path: str, body: Any, code: str, changes: dict[str, str]
) -> None:
    person = world.person(Role.MANAGER)
    world.profile(person)
    response = Api(world.key(person)).send(method, path, body, if_match="*")
    assert_problem(response, 400, code)
    (entry,) = traces()
    assert (entry.reason, entry.changes) == (code, changes)
    assert SECRET not in str(vars(entry))


def test_a_nested_name_that_is_nobodys_is_left_out() -> None:
    body = world.NEW_LISTING | {"price": {"amount": "1", "currency": "USD", f"a/{SECRET}": 1}}
    assert manager().post("listings", body).status_code == 400
    assert [entry.changes for entry in traces()] == [{"/price/*": "unknown_field"}]


@pytest.mark.parametrize(
    ("pointer", "code", "place"),
    [
        ("/title", "too_long", "/title"),
        ("/scopes/3", "not_a_choice", "/scopes/3"),
        ("/a~1b", "unknown_field", "/*"),
        ("/price/x", "unknown_field", "/price/*"),
        ("?a/b", "unknown_field", "?*"),
        ("?limit", "duplicate", "?limit"),
        ("#If-Match", "required", "#If-Match"),
    ],
)
def test_the_place_of_a_fault_holds_no_text_of_the_caller(
    pointer: str, code: str, place: str
) -> None:
    assert FieldError(pointer, code, "").place == place


def test_a_flood_of_bad_input_leaves_few_rows_and_the_last_one_says_so() -> None:
    api = manager()
    for number in range(BURST + 15):
        assert api.get(f"listings?x{number}=1").status_code == 400
    entries = traces()
    assert BURST <= len(entries) <= BURST + 1
    assert entries[0].reason == "validation_failed"
    assert "in the request log alone" in entries[BURST - 1].reason


def test_nobody_uses_up_the_rows_of_another() -> None:
    api = manager()
    for _ in range(BURST + 2):
        api.get("me?x=1")
        Api().get("listings?x=1")
    before = len(traces())
    assert manager().get("me?x=1").status_code == 400
    assert len(traces()) == before + 1


def test_the_request_log_says_the_same_of_every_request(caplog: pytest.LogCaptureFixture) -> None:
    manager().post("listings", world.NEW_LISTING | {"bedrooms": -1, SECRET: SECRET})
    line = caplog.records[-1].fields
    assert (line["status"], line["code"]) == (400, "validation_failed")
    assert line["faults"] == {"/bedrooms": "too_small", "/*": "unknown_field"}
    assert SECRET not in str(line)


def test_a_refusal_of_something_else_is_no_refused_input() -> None:
    api = manager()
    for path in ("nowhere", "listings/00000000-0000-7000-8000-000000000000"):
        assert api.get(path).status_code == 404
    assert Api(world.key(world.person())).post("listings", {}).status_code == 403
    assert traces() == []


def test_an_answer_names_no_more_than_a_bounded_number_of_faults() -> None:
    api = manager()
    query = "&".join(f"x{number}=1" for number in range(90))
    document = assert_problem(api.get(f"listings?{query}"), 400, "validation_failed")
    assert len(document["errors"]) == MAX_ERRORS
    both = "&".join(f"{name}=1&{name}=2" for name in ("city", "limit", "x"))
    document = assert_problem(api.get(f"listings?{both}"), 400, "validation_failed")
    assert {error["code"] for error in document["errors"]} == {"duplicate"}
