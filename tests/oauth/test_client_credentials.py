"""A client that acts for itself: with the rights of its role, and nobody's data."""

import pytest

from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from tests import tokens, world
from tests.api import Api, assert_problem

from .test_codes import refused

pytestmark = pytest.mark.django_db
ALONE = {"grant_type": "client_credentials"}


def test_it_acts_with_the_agency_and_the_role_of_the_client() -> None:
    ours = world.agency()
    draft = world.listing(ours, "draft")
    of, secret = tokens.service(scopes=["write:listings"], role=Role.MANAGER, agency=ours)
    response = tokens.ask(of, secret, {**ALONE, "scope": "write:listings"})

    assert response.status_code == 200
    given = response.json()
    assert given.keys() == {"access_token", "token_type", "expires_in", "scope"}
    api = Api(given["access_token"])
    assert api.post(f"listings/{draft.pk}/publish").status_code == 200
    entry = AuditEntry.objects.get(verb="listing.published")
    assert entry.actor == f"client:{of.client_id}"
    foreign = world.listing(world.agency(), "draft")
    assert api.post(f"listings/{foreign.pk}/publish").status_code == 404


def test_it_says_who_it_is_without_a_persons_name() -> None:
    of, secret = tokens.service()
    given = tokens.ask(of, secret, ALONE).json()
    me = Api(given["access_token"]).get("me").json()

    assert me.keys() == {"id", "role", "agency", "credential"}
    assert me["id"] == me["credential"]["id"] == of.client_id


def test_what_is_a_persons_is_not_a_clients() -> None:
    api = Api(tokens.own("admin"))
    for path in ("buyer-profile", "api-keys", "me/activity"):
        assert_problem(api.get(path), 403, "not_permitted")
    assert_problem(api.put("buyer-profile", world.NEW_PROFILE), 403, "not_permitted")


@pytest.mark.parametrize("scope", ["admin", "write", "read:audit admin", "openid", "nonsense"])
def test_a_scope_that_was_not_assigned_is_refused(scope: str) -> None:
    of, secret = tokens.service(scopes=["read", "openid"])
    refused(tokens.ask(of, secret, {**ALONE, "scope": scope}), "invalid_scope")


def test_a_narrower_scope_than_the_assigned_is_given() -> None:
    of, secret = tokens.service(scopes=["read"])
    given = tokens.ask(of, secret, {**ALONE, "scope": "read:offers"}).json()
    assert given["scope"] == "read:offers"


def test_what_is_asked_for_twice_is_given_once() -> None:
    of, secret = tokens.service(scopes=["read"])
    given = tokens.ask(of, secret, {**ALONE, "scope": "read read:offers read"}).json()
    assert given["scope"] == "read read:offers"


def test_an_omitted_scope_is_what_only_reads() -> None:
    of, secret = tokens.service(scopes=["read:listings", "write:offers", "admin:keys", "email"])
    assert tokens.ask(of, secret, ALONE).json()["scope"] == "read:listings"


def test_without_a_scope_that_reads_an_omitted_scope_is_refused() -> None:
    of, secret = tokens.service(scopes=["write:offers"])
    refused(tokens.ask(of, secret, ALONE), "invalid_scope")


def test_only_a_client_that_is_registered_for_it_may() -> None:
    of, secret = tokens.client()
    refused(tokens.ask(of, secret, ALONE), "unauthorized_client")


def test_a_public_client_cannot_act_for_itself() -> None:
    refused(tokens.ask(tokens.public(), None, ALONE), "invalid_client", 401)


def test_a_role_that_is_taken_from_a_client_is_gone_with_the_next_request() -> None:
    ours = world.agency()
    draft = world.listing(ours, "draft")
    token = tokens.own("write", role=Role.MANAGER, agency=ours)
    from apps.oauth.models import OAuthClient

    OAuthClient.objects.update(role=Role.BUYER)
    assert Api(token).post(f"listings/{draft.pk}/publish").status_code == 403
