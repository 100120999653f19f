"""v1 says that it ends, counts who still calls it, and ends."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.conf import LazySettings

from apps.agencies.roles import Role
from apps.api_v1.models import V1Use
from tests import world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db


def assert_deprecated(response: Any) -> None:
    since = int(response["Deprecation"].removeprefix("@"))
    assert datetime.fromtimestamp(since, UTC) < parsedate_to_datetime(response["Sunset"])
    assert 'rel="deprecation"' in response["Link"]
    assert 'rel="successor-version"' in response["Link"]


@pytest.mark.parametrize(
    ("path", "status"), [("listings", 200), ("me", 401), ("nowhere", 404), ("listings?x=1", 400)]
)
def test_every_answer_says_when_v1_ends(path: str, status: int) -> None:
    response = Api().get(f"/api/v1/{path}")
    assert response.status_code == status
    assert_deprecated(response)


def test_v2_does_not_speak_of_an_end() -> None:
    response = Api().get("listings")
    assert not {"Deprecation", "Sunset", "Link"} & set(response.headers)


@pytest.mark.parametrize("path", ["listings", "me", "nowhere", "openapi.json"])
def test_after_the_sunset_everything_is_gone(path: str, settings: LazySettings) -> None:
    settings.V1_SUNSET = datetime.now(UTC) - timedelta(seconds=1)
    key = world.key(world.person())
    for api in (Api(), Api(key), Api("gh_test_nonsense")):
        response = api.get(f"/api/v1/{path}")
        assert_problem(response, 410, "version_gone")
        assert_deprecated(response)
        assert "RateLimit" in response.headers
    assert Api(key).get("me").status_code == 200


def test_use_is_counted_by_credential_and_day() -> None:
    row, key = world.key_row(world.person())
    for _ in range(3):
        Api(key).get("/api/v1/me")
    Api(key).get("me")
    Api().get("/api/v1/listings")
    use = V1Use.objects.get()
    assert (use.credential, use.requests) == (f"api_key:{row.pk}", 3)
    assert use.day == datetime.now(UTC).date()


@pytest.mark.parametrize(("version", "served"), [("v1", "2025-06-01"), ("v2", "2026-11-01")])
def test_a_pinned_version_that_is_not_served_is_refused(version: str, served: str) -> None:
    path = f"/api/{version}/listings"
    assert Api().get(path, api_version=served).status_code == 200
    assert Api().get(path)["API-Version"] == served
    for other in ("2020-01-01", "2025-06-01" if version == "v2" else "2026-11-01", "x", ""):
        assert_problem(
            Api().get(path, api_version=other), 400, "version_unsupported", "#API-Version"
        )


def test_an_unknown_version_of_the_api_is_not_found() -> None:
    assert_problem(Api(world.key(world.person(Role.MANAGER))).get("/api/v3/me"), 404, "not_found")
