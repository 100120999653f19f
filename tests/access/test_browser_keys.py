"""API keys belong on servers: one that a browser sends is refused, whatever the origin."""

import pytest

from apps.audit.models import AuditEntry
from tests import world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db

FROM_BROWSERS = [
    {"origin": "https://app.example.com"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-origin"},
]


@pytest.mark.parametrize("headers", FROM_BROWSERS, ids=str)
@pytest.mark.parametrize("path", ["listings", "me", "api-keys"])
def test_a_key_from_a_browser_is_refused(path: str, headers: dict[str, str]) -> None:
    response = Api(world.key(world.person())).get(path, **headers)

    assert_problem(response, 403, "browser_key")


def test_the_refusal_is_audited_under_the_key_so_that_its_owner_can_revoke_it() -> None:
    row, text = world.key_row(world.person())
    Api(text).get("me", origin="https://app.example.com")

    entry = AuditEntry.objects.get(verb="access.refused")
    assert (entry.credential, entry.reason) == (f"api_key:{row.pk}", "browser_key")


def test_a_browser_without_a_key_reads_what_is_public() -> None:
    response = Api().get("listings", origin="https://app.example.com", sec_fetch_site="cross-site")

    assert response.status_code == 200


def test_nothing_is_written_with_a_key_from_a_browser() -> None:
    api = Api(world.key(world.person()), Origin="https://app.example.com")

    assert_problem(api.put("buyer-profile", world.NEW_PROFILE), 403, "browser_key")
    assert Api(api.headers["Authorization"][7:]).get("buyer-profile").status_code == 404
