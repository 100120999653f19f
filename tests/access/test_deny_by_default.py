"""What fails inside the checks themselves denies: nothing is served on an exception."""

import pytest
from rest_framework.settings import api_settings

from apps.access import endpoint, gate
from apps.access.credential import ANONYMOUS, Credential, Kind
from apps.access.scopes import Scope
from tests import world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("broken")


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (gate, "presented"),
        (gate, "charge"),
        (gate, "charges"),
        (endpoint.Declared, "has_permission"),
    ],
    ids=["credential", "limit store", "limit table", "permission"],
)
def test_a_check_that_breaks_denies(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    listing = world.listing(world.agency())
    monkeypatch.setattr(module, name, broken)

    response = Api().get(f"listings/{listing.pk}")

    assert response.status_code == 500
    assert listing.title.encode() not in response.content
    assert b"broken" not in response.content


def test_a_refusal_that_cannot_be_audited_is_still_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(endpoint, "record", broken)

    response = Api(world.key(world.person(), "read:keys")).get("offers")

    assert_problem(response, 500, "internal_error")


def test_a_view_that_is_no_endpoint_gets_no_caller_and_no_parser() -> None:
    assert api_settings.DEFAULT_AUTHENTICATION_CLASSES == []
    assert api_settings.DEFAULT_PARSER_CLASSES == []
    assert [p.__name__ for p in api_settings.DEFAULT_PERMISSION_CLASSES] == ["IsAdminUser"]


def test_nobody_is_staff_of_an_agency_by_being_listed_in_it() -> None:
    agency = world.agency()
    for role, own in (("buyer", None), ("auditor", None), ("manager", agency.pk)):
        assert world.credential(world.person(role, agency)).staff_of == own


def test_the_anonymous_credential_holds_nothing() -> None:
    assert ANONYMOUS.is_anonymous
    assert ANONYMOUS.user_id is ANONYMOUS.role is ANONYMOUS.agency_id is None
    assert not any(ANONYMOUS.allows(scope) for scope in Scope)


def test_a_credential_cannot_be_changed_on_its_way() -> None:
    with pytest.raises(AttributeError):
        Credential(kind=Kind.API_KEY).role = "manager"
