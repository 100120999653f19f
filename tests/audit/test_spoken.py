"""Whatever a caller hands over, no personal value gets into the log that cannot be rewritten."""

from typing import Any

import pytest

from apps.audit.actors import Operator
from apps.audit.models import AuditEntry
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.buyers.models import BuyerProfile
from apps.core.redaction import REDACTED
from tests import world

pytestmark = pytest.mark.django_db


def recorded(changes: dict[str, Any], about: Any = None, reason: str = "") -> AuditEntry:
    record(Verb.PROFILE_CHANGED, Operator(), about, changes=changes, reason=reason)
    return AuditEntry.objects.latest("id")


def a_profile() -> BuyerProfile:
    return world.profile(world.person())


@pytest.mark.parametrize(
    "name", ["legal_name", "phone", "annual_income", "message", "email", "password"]
)
@pytest.mark.parametrize("value", ["Ana", 73519, ["a"], {"was": "b", "is": "c"}])
def test_a_value_under_the_name_of_a_sensitive_field_does_not_get_in(name: str, value: Any) -> None:
    assert recorded({name: value, "deep": {name: value}}).changes == {
        name: REDACTED,
        "deep": {name: REDACTED},
    }


def test_that_it_moved_may_be_said() -> None:
    said = {"phone": None, "email": True, "fields": ["phone", "legal_name"]}

    assert recorded(said).changes == said


@pytest.mark.parametrize("field", ["legal_name", "national_id", "date_of_birth", "annual_income"])
def test_a_value_of_the_row_does_not_get_in_under_any_name(field: str) -> None:
    profile = a_profile()
    value = str(getattr(profile, field))
    changes = {"was": value, "list": [f"it was {value.upper()}!"]}

    assert recorded(changes, profile).changes == {"was": REDACTED, "list": [REDACTED]}
    fetched = BuyerProfile.objects.get(pk=profile.pk)
    assert recorded(changes, fetched).changes == {"was": REDACTED, "list": [REDACTED]}


def test_what_is_not_at_hand_is_not_fetched(django_assert_num_queries: Any) -> None:
    profile = BuyerProfile.objects.only("id").get(pk=a_profile().pk)

    with django_assert_num_queries(1):
        record(Verb.PROFILE_CHANGED, Operator(), profile, changes={"what": "a text"})


@pytest.mark.parametrize("value", ["ana@example.com", "+15055550123", "123-45-6789"])
def test_what_looks_personal_does_not_get_in_not_even_as_a_reason(value: str) -> None:
    entry = recorded({"note": f"about {value}"}, reason=f"asked by {value}")

    assert entry.changes == {"note": f"about {REDACTED}"}
    assert entry.reason == f"asked by {REDACTED}"


def test_harmless_values_stay_what_they_are() -> None:
    said = {
        "status": "sold",
        "active": False,
        "count": 3,
        "scopes": ["read"],
        "removed": {"a.b": 1},
    }

    assert recorded(said, a_profile(), "Copy for my adviser").changes == said
