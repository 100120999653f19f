"""How a credential is presented, and who the service then takes the caller for."""

import pytest

from apps.access.presented import UNDERSCORE_FLAG
from apps.accounts.models import User
from apps.agencies.models import Membership
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from tests import world
from tests.api import Api, assert_problem

from .cast import Cast

FLAG = UNDERSCORE_FLAG.removeprefix("HTTP_").lower()


def test_either_header_will_do(cast: Cast) -> None:
    for caller in (Api(cast.buyer.key), Api(x_api_key=cast.buyer.key)):
        assert caller.get("me").json()["id"] == str(cast.buyer.user.pk)


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer {key}", "x_api_key": "{key}"},
        {"authorization": "Bearer {key},Bearer {key}"},
        {"authorization": "Bearer {key}, Bearer other"},
        {"authorization": "Basic {key}"},
        {"authorization": "Bearer"},
        {"authorization": "{key}"},
        {"authorization": ""},
        {"x_api_key": "{key},{key}"},
        {"x_api_key": ""},
        {"x_api_key": "Bearer {key}"},
        {FLAG: "X_API_Key", "x_api_key": "{key}"},
        {FLAG: "X_API_Key"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["me", "listings"])
def test_what_is_ambiguous_is_malformed(cast: Cast, path: str, headers: dict[str, str]) -> None:
    sent = {name: value.format(key=cast.buyer.key) for name, value in headers.items()}
    response = Api(**{name.replace("_", "-"): value for name, value in sent.items()}).get(path)

    assert_problem(response, 400, "malformed_credential")
    assert cast.buyer.key[21:].encode() not in response.content


@pytest.mark.parametrize("name", ["access_token", "api_key", "X-API-Key", "city", "anything"])
@pytest.mark.parametrize("path", ["me", "listings"])
def test_a_key_in_the_url_is_exposed_whoever_sends_it(cast: Cast, path: str, name: str) -> None:
    for caller in (Api(), cast.buyer):
        response = caller.get(path, {name: cast.buyer.key})
        assert_problem(response, 400, "credential_exposed")
        assert cast.buyer.key[21:].encode() not in response.content


def test_a_key_as_the_name_of_a_parameter_is_exposed_too(cast: Cast) -> None:
    response = Api().get("listings", {cast.buyer.key: "1"})

    assert_problem(response, 400, "credential_exposed")
    assert cast.buyer.key[21:].encode() not in response.content


@pytest.mark.parametrize("path", ["{key}", "listings/{key}", "api-keys/{key}/rotate"])
def test_a_key_in_the_path_is_exposed_too(cast: Cast, path: str) -> None:
    response = cast.buyer.get(path.format(key=cast.buyer.key))

    assert_problem(response, 400, "credential_exposed")
    assert AuditEntry.objects.filter(verb="credential.exposed").count() == 1
    assert cast.buyer.key[21:].encode() not in response.content


@pytest.mark.parametrize(
    "text", ["x", "a" * 4_096, "gh_", "gh_test_short_x", "eyJhbGciOiJub25lIn0.e30."]
)
def test_a_garbage_credential_is_invalid_even_where_none_is_needed(cast: Cast, text: str) -> None:
    for path in ("me", "listings"):
        assert_problem(Api(text).get(path), 401, "credentials_invalid")


def test_a_cookie_is_no_credential(cast: Cast) -> None:
    root = User.objects.create_superuser("root@example.com", "a long pass phrase")
    api = Api()
    api.client.force_login(root)

    assert_problem(api.get("me"), 401, "credentials_missing")
    assert_problem(api.post("listings", world.NEW_LISTING), 401, "credentials_missing")


def test_me_shows_the_scopes_as_they_were_granted(cast: Cast) -> None:
    row, text = world.key_row(cast.manager.user, "write:offers", "read")
    shown = Api(text).get("me").json()

    assert shown["credential"] == {
        "kind": "api_key",
        "id": str(row.pk),
        "scopes": ["read", "write:offers"],
        "tier": "free",
        "expires_at": row.expires_at.isoformat().replace("+00:00", "Z"),
    }
    assert (shown["role"], shown["email"]) == ("manager", cast.manager.user.email)


@pytest.mark.parametrize("role", [Role.BUYER, Role.AUDITOR, Role.PLATFORM_ADMIN])
def test_who_has_no_agency_is_shown_without(role: Role, cast: Cast) -> None:
    shown = Api(world.key(world.person(role))).get("me").json()

    assert (shown["role"], shown["agency"]) == (role, None)


def test_a_demotion_counts_from_the_next_request(cast: Cast) -> None:
    listing = world.listing(cast.agency, "draft")
    path = f"listings/{listing.pk}"
    assert cast.manager.get(path).status_code == 200
    Membership.objects.filter(user=cast.manager.user).update(role=Role.AUDITOR)

    assert_problem(cast.manager.get(path), 404, "not_found")
    assert_problem(cast.manager.post(f"{path}/publish"), 403, "not_permitted")


def test_a_move_to_another_agency_counts_from_the_next_request(cast: Cast) -> None:
    listing = world.listing(cast.agency, "draft")
    assert cast.manager.get(f"listings/{listing.pk}").status_code == 200
    Membership.objects.filter(user=cast.manager.user).update(agency=world.agency())

    assert_problem(cast.manager.get(f"listings/{listing.pk}"), 404, "not_found")


def test_a_deactivated_owner_is_out_from_the_next_request(cast: Cast) -> None:
    assert cast.buyer.get("me").status_code == 200
    User.objects.filter(pk=cast.buyer.user.pk).update(is_active=False)

    document = assert_problem(cast.buyer.get("me"), 401, "credentials_invalid")
    assert document["reason"] == "inactive"


PROXY, STRANGER = "10.0.0.1", "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        (PROXY, "198.51.100.7", 200),
        (PROXY, "203.0.113.1, 198.51.100.7", 200),
        (PROXY, "198.51.100.7, 203.0.113.1", 401),
        (STRANGER, "198.51.100.7", 401),
        ("198.51.100.7", "203.0.113.1", 200),
    ],
)
def test_networks_are_asked_about_the_real_caller(
    cast: Cast, peer: str, forwarded: str, status: int
) -> None:
    key = world.key(cast.buyer.user, networks=["198.51.100.7/32"])
    api = Api(key, **{"X-Forwarded-For": forwarded})
    api.client.defaults["REMOTE_ADDR"] = peer

    assert api.get("me").status_code == status


@pytest.mark.parametrize(
    ("peer", "seen"), [(PROXY, "198.51.100.7"), (STRANGER, STRANGER)], ids=["proxy", "stranger"]
)
def test_the_audit_names_the_real_caller(cast: Cast, peer: str, seen: str) -> None:
    api = Api("made-up-token", **{"X-Forwarded-For": "198.51.100.7", "Forwarded": "for=1.2.3.4"})
    api.client.defaults["REMOTE_ADDR"] = peer
    api.get("me")

    assert AuditEntry.objects.get().address == seen


def test_a_stranger_gets_no_fresh_limit_by_claiming_other_addresses(cast: Cast) -> None:
    remaining = []
    for number in range(3):
        api = Api(**{"X-Forwarded-For": f"198.51.100.{number}"})
        api.client.defaults["REMOTE_ADDR"] = STRANGER
        remaining.append(int(api.get("nowhere")["X-RateLimit-Remaining"]))

    assert remaining == sorted(remaining, reverse=True) and len(set(remaining)) == 3
