"""Every request has an id that no caller can abuse, and a host that is ours."""

import re

import pytest

from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db

OURS = re.compile(r"[0-9a-f]{32}")


@pytest.mark.parametrize("path", ["listings", "me", "nowhere", "/healthz", "/api/", "/nowhere"])
def test_every_answer_names_its_request(path: str) -> None:
    response = Api().get(path) if path[0] != "/" else Api().client.get(path)

    assert OURS.fullmatch(response["X-Request-ID"])


def test_no_two_requests_share_an_id() -> None:
    ids = {Api().get("nowhere")["X-Request-ID"] for _ in range(5)}

    assert len(ids) == 5


@pytest.mark.parametrize("claimed", ["a1b2c3d4", "4bf92f35-77b3-4da6", "A" * 64])
def test_an_id_of_the_caller_in_the_agreed_form_is_kept(claimed: str) -> None:
    response = Api().get("me", x_request_id=claimed)

    assert response["X-Request-ID"] == claimed
    assert_problem(response, 401, "credentials_missing")


@pytest.mark.parametrize(
    "claimed",
    ["", "short", "a" * 65, "has spaces", "under_score", 'quo"tes', "a1b2c3d4\u2028", "ñandúes8"],
    ids=ascii,
)
def test_any_other_id_is_replaced(claimed: str) -> None:
    response = Api().get("me", x_request_id=claimed)

    assert OURS.fullmatch(response["X-Request-ID"])
    assert_problem(response, 401, "credentials_missing")


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "", "testserver:80:80", "a" * 300, "*"]
)
@pytest.mark.parametrize("path", ["/api/v2/listings", "/api/v2/me", "/healthz", "/admin/login/"])
def test_a_host_that_is_not_ours_is_refused(host: str, path: str) -> None:
    response = Api().client.get(path, headers={"Host": host})

    assert_problem(response, 400, "validation_failed", "#Host")


def test_a_forwarded_host_is_nobodys_word() -> None:
    response = Api().get("listings", x_forwarded_host="evil.example")

    assert response.status_code == 200
    assert b"evil.example" not in response.content
